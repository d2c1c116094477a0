import { areReversed, OPERATORS, type JsonValue } from '../shared/metadata.js';
import { hostField } from '../fields/host-fields.js';
import { isField } from '../fields/metadata-field.js';
import type { DraftCondition, DraftGroup, DraftNode } from './draft.js';
import { readOperand } from './draft-operand.js';
import { condition } from './wire.js';

/** A draft as a request writes it. */
export interface WireFilter {
  /** Null when the draft is empty: every trial. */
  readonly filter: JsonValue;
  /** What is wrong with a row, by its id; while there is any, `filter` is not to be sent. */
  readonly problems: ReadonlyMap<string, string>;
  /** Which row stands at a place of the request, e.g. `filter.and[0]`; for the server's own messages. */
  readonly places: ReadonlyMap<string, string>;
}

/** Writes a draft in the filter language. */
export function toWire(root: DraftGroup): WireFilter {
  const problems = new Map<string, string>();
  const places = new Map<string, string>();
  const write = (node: DraftNode, at: string): JsonValue => {
    places.set(at, node.id);
    return node.kind === 'condition' ? writeCondition(node, problems) : writeGroup(node, at);
  };
  const writeGroup = (group: DraftGroup, at: string): JsonValue => {
    const negated = group.match === 'none' || group.match === 'notAll';
    const key = group.match === 'any' || group.match === 'none' ? 'or' : 'and';
    const place = negated ? `${at}.not` : at;
    if (group.children.length === 0) problems.set(group.id, 'Add a condition to this group, or remove it.');
    const list = group.children.map((child, index) => write(child, `${place}.${key}[${index}]`));
    const inner: JsonValue = new Map([[key, list]]);
    return negated ? new Map([['not', inner]]) : inner;
  };
  if (root.children.length === 0) return { filter: null, problems, places };
  return { filter: write(root, 'filter'), problems, places };
}

/** The row that a problem of the server's is about: the one at the longest matching place. */
export function rowAt(wire: WireFilter, path: string): string | undefined {
  let best: string | undefined;
  let length = -1;
  for (const [place, id] of wire.places) {
    if (path.startsWith(place) && place.length > length) {
      best = id;
      length = place.length;
    }
  }
  return best;
}

function writeCondition(node: DraftCondition, problems: Map<string, string>): JsonValue {
  if (node.field === '') problems.set(node.id, 'Choose a field.');
  else if (!isField(node.field)) problems.set(node.id, `"${node.field}" is no field.`);
  const shape = OPERATORS[node.operator].operand;
  if (shape === 'none') return condition(node.field, node.operator);
  const values = node.operands.map((operand): JsonValue => {
    const reading = readOperand(operand);
    if ('value' in reading) return reading.value;
    if (!problems.has(node.id)) problems.set(node.id, reading.problem);
    return null;
  });
  if (shape === 'list') {
    if (values.length === 0 && !problems.has(node.id)) problems.set(node.id, 'Enter at least one value.');
    return condition(node.field, node.operator, values);
  }
  if (shape === 'pair') {
    const [lower = null, upper = null] = values;
    if (areReversed(lower, upper) && !problems.has(node.id))
      problems.set(node.id, 'Nothing is between these: the lower bound is above the upper one. Swap them.');
    return condition(node.field, node.operator, [lower, upper]);
  }
  const value = values[0] ?? null;
  if (value === '' && hostField(node.field)?.type === 'state' && !problems.has(node.id))
    problems.set(node.id, 'Choose a state.');
  if (node.operator !== 'is' && node.operator !== 'isNot' && value === '' && !problems.has(node.id)) {
    problems.set(node.id, 'Enter a value.');
  }
  return condition(node.field, node.operator, value);
}
