import { ActionIcon, Highlight, Text, Tree, useTree, type RenderTreeNodePayload } from '@mantine/core';
import { IconChevronRight, IconDots } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ReactElement } from 'react';
import { TypeSigns } from '../fields/type-sign.js';
import {
  isJsonArray,
  isJsonObject,
  jsonTypeOf,
  type JsonObject,
  type JsonValue,
} from '../shared/metadata.js';
import { FoldedValue } from './folded-value.js';
import { NodeMenu, type NodeActions } from './node-menu.js';
import { metadataNodes, nodesById, treeData, type MetadataNode } from './tree-nodes.js';
import classes from './metadata-tree.module.css';

interface MetadataTreeProps extends NodeActions {
  readonly document: JsonObject;
  /** What is searched for in keys and values. */
  readonly q: string;
}

/** As many objects are open at first; lists are not, since their elements are many and alike. */
const OPEN_UP_TO = 100;

/** A metadata document as a tree: types visible, long values folded, and a menu at each field. */
export function MetadataTree({ document, q, ...actions }: MetadataTreeProps): ReactElement {
  const nodes = useMemo(() => metadataNodes(document, q), [document, q]);
  const byId = useMemo(() => nodesById(nodes), [nodes]);
  const data = useMemo(() => treeData(nodes), [nodes]);
  const tree = useTree();
  const [menu, setMenu] = useState<{ readonly node: MetadataNode; readonly element: HTMLElement } | null>(
    null,
  );
  const { setExpandedState } = tree;
  useEffect(() => {
    const opened = [...byId.values()]
      .filter(({ value }) => q !== '' || isJsonObject(value))
      .slice(0, OPEN_UP_TO);
    setExpandedState(Object.fromEntries(opened.map(({ id }) => [id, true])));
    // Not by `byId` itself: what a person closed stays closed while only values change.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [q, byId.size]);

  if (nodes.length === 0) {
    return (
      <Text c="dimmed" size="sm" py="md">
        {q.trim() === ''
          ? 'This trial has no metadata yet.'
          : `Nothing here has "${q.trim()}" in its name or value.`}
      </Text>
    );
  }
  const renderNode = ({
    node,
    expanded,
    hasChildren,
    elementProps,
  }: RenderTreeNodePayload): ReactElement | null => {
    const found = byId.get(node.value);
    if (found === undefined) return null;
    return (
      <div {...elementProps} className={`${elementProps.className} ${classes['node']}`}>
        <IconChevronRight
          size={14}
          aria-hidden
          className={classes['chevron']}
          data-expanded={expanded || undefined}
          data-hidden={!hasChildren || undefined}
        />
        <Highlight component="span" highlight={q.trim()} className={classes['key']} dir="auto">
          {found.label}
        </Highlight>
        <TypeSigns types={[jsonTypeOf(found.value)]} />
        {hasChildren ? (
          <Text component="span" size="xs" c="dimmed">
            {sizeOf(found.value)}
          </Text>
        ) : (
          <FoldedValue value={found.value} q={q} />
        )}
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          tabIndex={-1}
          className={classes['more']}
          aria-label={`Actions for ${found.label}`}
          data-node-menu
          onClick={(event) => {
            event.stopPropagation();
            setMenu({ node: found, element: event.currentTarget });
          }}
        >
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </div>
    );
  };
  return (
    <>
      <Tree
        data={data}
        tree={tree}
        levelOffset={22}
        allowRangeSelection={false}
        renderNode={renderNode}
        aria-label="Metadata"
        onKeyDown={(event) => {
          const target = event.target as HTMLElement;
          if (event.key !== 'Enter' || target.getAttribute('role') !== 'treeitem') return;
          event.preventDefault();
          target.querySelector<HTMLElement>('[data-node-menu]')?.click();
        }}
      />
      <NodeMenu
        {...actions}
        node={menu?.node ?? null}
        element={menu?.element ?? null}
        onClose={() => {
          menu?.element.closest<HTMLElement>('[role=treeitem]')?.focus();
          setMenu(null);
        }}
      />
    </>
  );
}

function sizeOf(value: JsonValue): string {
  const count = isJsonObject(value) ? value.size : isJsonArray(value) ? value.length : 0;
  const noun = isJsonObject(value) ? 'field' : 'element';
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
