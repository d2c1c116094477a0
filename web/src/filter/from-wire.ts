import {
  isJsonArray,
  isJsonObject,
  isOperator,
  OPERATORS,
  type JsonObject,
  type JsonValue,
} from '../shared/metadata.js';
import {
  emptyGroup,
  nextId,
  type DraftCondition,
  type DraftGroup,
  type DraftNode,
  type Match,
} from './draft.js';
import { emptyOperand, operandOf } from './draft-operand.js';

/** A filter in an address that is none: cut off, or written by hand. */
export class UnreadableFilterError extends Error {
  constructor(place: string) {
    super(`The filter in this address can't be read (at ${place}).`);
    this.name = 'UnreadableFilterError';
  }
}

/**
 * The draft of a filter. A filter that is no group becomes the only row of one.
 * @throws UnreadableFilterError
 */
export function fromWire(filter: JsonValue): DraftGroup {
  if (filter === null || (isJsonObject(filter) && filter.size === 0)) return emptyGroup();
  const node = readNode(filter, 'filter');
  return node.kind === 'group' ? node : emptyGroup('all', [node]);
}

function readNode(value: JsonValue, at: string): DraftNode {
  if (!isJsonObject(value)) throw new UnreadableFilterError(at);
  if (value.has('and')) return readGroup(value.get('and'), 'all', `${at}.and`);
  if (value.has('or')) return readGroup(value.get('or'), 'any', `${at}.or`);
  if (value.has('not')) return negated(readNode(value.get('not') ?? null, `${at}.not`));
  return readCondition(value, at);
}

function readGroup(children: JsonValue | undefined, match: Match, at: string): DraftGroup {
  if (!isJsonArray(children)) throw new UnreadableFilterError(at);
  return emptyGroup(
    match,
    children.map((child, index) => readNode(child, `${at}[${index}]`)),
  );
}

const NEGATION = { all: 'notAll', any: 'none', none: 'any', notAll: 'all' } as const satisfies Record<
  Match,
  Match
>;

function negated(node: DraftNode): DraftGroup {
  if (node.kind === 'condition') return emptyGroup('none', [node]);
  return { ...node, match: NEGATION[node.match] };
}

function readCondition(value: JsonObject, at: string): DraftCondition {
  const field = value.get('field');
  const operator = value.get('operator');
  if (typeof field !== 'string' || typeof operator !== 'string' || !isOperator(operator)) {
    throw new UnreadableFilterError(at);
  }
  const operand = value.get('value');
  const shape = OPERATORS[operator].operand;
  const several = shape === 'list' || shape === 'pair';
  if (several && !isJsonArray(operand)) throw new UnreadableFilterError(`${at}.value`);
  const operands = several && isJsonArray(operand) ? operand.map(operandOf) : [operandOf(operand ?? null)];
  return {
    kind: 'condition',
    id: nextId(),
    field,
    operator,
    operands: shape === 'none' ? [emptyOperand()] : operands,
  };
}
