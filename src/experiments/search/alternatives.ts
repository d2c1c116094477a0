import {
  areReversed,
  formatFilter,
  isJsonNumberText,
  JsonNumber,
  jsonTypeOf,
  OPERATORS,
  parseFilter,
  parseJson,
  writeJson,
  type Condition,
  type JsonType,
  type JsonValue,
  type KnownField,
} from '../../metadata/index.js';
import { isAccepted } from './is-accepted.js';
import { FIELD_NAMES } from './search-request.js';

/** A condition that may be meant instead of one that no trial meets; true to say once some trial meets it. */
export interface Candidate {
  /** `other_type`: with the operand in another type; `other_text`: with the operand as a part of the text. */
  readonly code: 'other_type' | 'other_text';
  readonly condition: Condition;
}

/** Operators that no value of another type can meet. */
const TYPED: ReadonlySet<string> = new Set(['is', 'in', 'gt', 'gte', 'lt', 'lte', 'between', 'startsWith']);

/** Those of equality. Texts that look like numbers have another order than the numbers, so no order is tried in both. */
const EQUAL: ReadonlySet<string> = new Set(['is', 'in']);

/** The types of operand that the condition asks for where the field holds none of them; empty where it holds one. */
export function typesNeverHeld({ operator, operands }: Condition, known: KnownField): readonly JsonType[] {
  const expected = [...new Set(operands.map(jsonTypeOf))];
  return TYPED.has(operator) && !expected.some((type) => known.types[type] !== undefined) ? expected : [];
}

/** What is worth a look in place of a condition that no trial meets, the likeliest first; all of it may be sent. */
export function candidatesFor(condition: Condition, known: KnownField): readonly Candidate[] {
  const { operator, operands } = condition;
  const isOfHeldType = typesNeverHeld(condition, known).length === 0;
  const other = EQUAL.has(operator) && isOfHeldType ? converted(condition, known) : undefined;
  const [operand] = operands;
  const part = operator === 'is' && typeof operand === 'string' ? operand.trim() : '';
  const holdsTexts = (known.types.string ?? known.types.array) !== undefined;
  const within: Condition = { ...condition, operator: 'contains', operands: [part] };
  return [
    ...(other === undefined ? [] : [{ code: 'other_type' as const, condition: other }]),
    ...(part === '' || !holdsTexts || !mayBeSent(within)
      ? []
      : [{ code: 'other_text' as const, condition: within }]),
  ];
}

/** The condition with its operands in a type that the field does hold: `8` for `"8"`, and the other way round. */
export function converted(condition: Condition, known: KnownField): Condition | undefined {
  if (OPERATORS[condition.operator].operand === 'string') return undefined;
  const operands = condition.operands.flatMap((operand) => inOtherType(operand, known) ?? []);
  if (operands.length === 0 || operands.length < condition.operands.length) return undefined;
  const proposal = { ...condition, operands };
  return mayBeSent(proposal) ? proposal : undefined;
}

/** The `between` with its bounds in order; undefined for any other condition, and where they are. */
export function withBoundsInOrder(condition: Condition): Condition | undefined {
  const [lower = null, upper = null] = condition.operands;
  if (condition.operator !== 'between' || !areReversed(lower, upper)) return undefined;
  return { ...condition, operands: [upper, lower] };
}

/** A number may be beyond what PostgreSQL holds, or too long as a text. */
function mayBeSent(condition: Condition): boolean {
  return isAccepted(() => parseFilter(parseJson(writeJson(formatFilter(condition))), FIELD_NAMES));
}

function inOtherType(operand: JsonValue, known: KnownField): JsonValue | undefined {
  if (typeof operand === 'string') {
    if (known.types.number !== undefined && isJsonNumberText(operand)) return new JsonNumber(operand);
    if (known.types.boolean !== undefined && (operand === 'true' || operand === 'false'))
      return operand === 'true';
    return undefined;
  }
  if (known.types.string === undefined) return undefined;
  if (operand instanceof JsonNumber) return operand.text;
  return typeof operand === 'boolean' ? String(operand) : undefined;
}
