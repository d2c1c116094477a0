import type { TreeNodeData } from '@mantine/core';
import { plainText } from '../grid/format.js';
import {
  formatPath,
  isJsonArray,
  isJsonObject,
  writeJson,
  type JsonObject,
  type JsonValue,
  type Path,
} from '../shared/metadata.js';

/** A field, or an element of a list, as the tree shows it. */
export interface MetadataNode {
  /** A name of its own within the tree. */
  readonly id: string;
  readonly label: string;
  /** Keys down to it; null within a list, where no filter reaches. */
  readonly path: Path | null;
  readonly value: JsonValue;
  readonly children: readonly MetadataNode[];
}

/** Lists up to this long, as text, are shown in one line. */
const SHORT_LIST = 120;

/** The document as a tree; with a search text, only what has it in a key or a value, and what leads there. */
export function metadataNodes(document: JsonObject, q: string): readonly MetadataNode[] {
  const text = q.trim().toLowerCase();
  const nodes = membersOf(document, []);
  return text === '' ? nodes : nodes.flatMap((node) => found(node, text));
}

/** The nodes in the form of Mantine's Tree. */
export function treeData(nodes: readonly MetadataNode[]): TreeNodeData[] {
  return nodes.map(({ id, label, children }) =>
    children.length === 0 ? { value: id, label } : { value: id, label, children: treeData(children) },
  );
}

/** Every node by its id. */
export function nodesById(
  nodes: readonly MetadataNode[],
  into = new Map<string, MetadataNode>(),
): ReadonlyMap<string, MetadataNode> {
  for (const node of nodes) {
    into.set(node.id, node);
    nodesById(node.children, into);
  }
  return into;
}

function membersOf(object: JsonObject, path: Path): readonly MetadataNode[] {
  return inOrder(object).map(([key, value]) =>
    nodeOf(key === '' ? '""' : key, value, [...path, key], writeJson([...path, key])),
  );
}

/** By name, as people look for it; the database keeps keys in an order of its own. */
function inOrder(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  return [...object].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
}

function nodeOf(label: string, value: JsonValue, path: Path | null, id: string): MetadataNode {
  let children: readonly MetadataNode[] = [];
  if (isJsonObject(value)) {
    children =
      path === null
        ? inOrder(value).map(([key, member]) => nodeOf(key, member, null, `${id}/${writeJson(key)}`))
        : membersOf(value, path);
  } else if (isJsonArray(value) && writeJson(value).length > SHORT_LIST) {
    children = value.map((element, index) => nodeOf(String(index), element, null, `${id}/${index}`));
  }
  return { id, label, path, value, children };
}

function found(node: MetadataNode, text: string): readonly MetadataNode[] {
  const name = node.path === null ? node.label : formatPath(node.path);
  if (name.toLowerCase().includes(text)) return [node];
  if (node.children.length === 0) {
    return plainText(node.value, Number.MAX_SAFE_INTEGER).toLowerCase().includes(text) ? [node] : [];
  }
  const children = node.children.flatMap((child) => found(child, text));
  return children.length === 0 ? [] : [{ ...node, children }];
}
