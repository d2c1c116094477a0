import {
  InvalidRequestError,
  formatField,
  formatFilter,
  formatPath,
  JsonMap,
  JsonNumber,
  isJsonNumberText,
  jsonTypeOf,
  nearest,
  OPERATORS,
  parseFilter,
  parseJson,
  writeJson,
  type Condition,
  type JsonType,
  type JsonValue,
  type KnownField,
} from '../../metadata/index.js';
import { FIELD_NAMES } from './search-request.js';
import type { Total } from './total.js';

/** Why a condition of a search that found nothing may be the reason. */
export interface Hint {
  readonly condition: JsonValue;
  /** How many trials meet this condition alone. */
  readonly matches: Total;
  /** `unknown_field`: no trial has it; `other_type`: it holds no value of the operand's type; else `condition`. */
  readonly code: 'unknown_field' | 'other_type' | 'condition';
  readonly message: string;
  /** Conditions that may be meant instead, the likeliest first. */
  readonly alternatives: readonly JsonValue[];
}

/** Operators that no value of another type can meet. */
const TYPED: ReadonlySet<string> = new Set(['is', 'in', 'gt', 'gte', 'lt', 'lte', 'between', 'startsWith']);

/** Operators that look at what a list or an object holds. */
const LOOKING_WITHIN: ReadonlySet<string> = new Set(['contains', 'doesNotContain']);

/** @param fields the known fields that the user sees */
export function hintFor(condition: Condition, matches: Total, fields: readonly KnownField[]): Hint {
  const { field } = condition;
  const name = formatField(field);
  const plain = { condition: formatFilter(condition), matches };
  const alone = `${howMany(matches)} this condition alone.`;
  if (field.kind === 'column') return { ...plain, code: 'condition', message: alone, alternatives: [] };
  const known = fields.find((candidate) => candidate.path === formatPath(field.path));
  if (known === undefined) {
    const near = likeliest(formatPath(field.path), fields);
    const question =
      near.length === 0 ? '' : ` Did you mean ${near.map((candidate) => candidate.field).join(' or ')}?`;
    return {
      ...plain,
      code: 'unknown_field',
      message: `No trial has ${name}.${question}`,
      alternatives: near.map((candidate) => withMember(condition, 'field', candidate.field)),
    };
  }
  const expected = operandTypes(condition);
  if (
    TYPED.has(condition.operator) &&
    expected.length > 0 &&
    !expected.some((type) => known.types[type] !== undefined)
  ) {
    const held = Object.entries(known.types)
      .map(([type, count]) => `${type} in ${count}`)
      .join(', ');
    return {
      ...plain,
      code: 'other_type',
      message: `${name} is there as ${held} trials, never as ${expected.join(' or ')}. ${alone}`,
      alternatives: converted(condition, known),
    };
  }
  return { ...plain, code: 'condition', message: alone, alternatives: [] };
}

/**
 * The conditions worth a hint. A value of a query string has no type, and is looked for as text and as the number, boolean or
 * null whose JSON text it is: of such two, those are left whose type the field holds, or else the text.
 */
export function withoutOtherSpellings(
  conditions: readonly Condition[],
  fields: readonly KnownField[],
): readonly Condition[] {
  const isHeld = ({ field, operator, operands }: Condition) => {
    if (field.kind !== 'metadata') return false;
    const types = fields.find(({ path }) => path === formatPath(field.path))?.types ?? {};
    // What lists and objects hold is not known.
    const looksWithin = LOOKING_WITHIN.has(operator) && (types.array ?? types.object) !== undefined;
    return looksWithin || types[jsonTypeOf(operands[0] ?? null)] !== undefined;
  };
  return conditions.filter((condition) => {
    const other = conditions.find((candidate) => isOtherSpelling(candidate, condition));
    if (other === undefined || isHeld(condition)) return true;
    return typeof condition.operands[0] === 'string' && !isHeld(other);
  });
}

/** Whether one of the two conditions asks for a text, and the other for the value whose JSON text that is. */
function isOtherSpelling(one: Condition, other: Condition): boolean {
  const [a, ...more] = one.operands;
  const [b, ...others] = other.operands;
  if (a === undefined || b === undefined || more.length + others.length > 0) return false;
  return (
    (typeof a === 'string') !== (typeof b === 'string') &&
    jsonTextOf(a) === jsonTextOf(b) &&
    one.operator === other.operator &&
    formatField(one.field) === formatField(other.field)
  );
}

function jsonTextOf(value: JsonValue): string {
  return typeof value === 'string' ? value : writeJson(value);
}

function howMany({ value, relation }: Total): string {
  if (relation === 'gte') return `More than ${value} trials meet`;
  if (value === 0) return 'No trial meets';
  return value === 1 ? '1 trial meets' : `${value} trials meet`;
}

/** Fields spelt nearly alike, and those that end in the same name: `gpu` for `hardware.gpu`. */
function likeliest(path: string, fields: readonly KnownField[]): readonly KnownField[] {
  const spelt = nearest(
    path,
    fields.map((field) => field.path),
  );
  const ending = fields.filter((field) => field.path.endsWith(`.${path}`)).map((field) => field.path);
  const paths = [...new Set([...spelt, ...ending])].slice(0, 3);
  return paths.flatMap((wanted) => fields.find((field) => field.path === wanted) ?? []);
}

function operandTypes(condition: Condition): readonly JsonType[] {
  return [...new Set(condition.operands.map(jsonTypeOf))];
}

/** The condition with its operands in a type that the field does hold: `8` for `"8"`, and the other way round. */
function converted(condition: Condition, known: KnownField): readonly JsonValue[] {
  if (OPERATORS[condition.operator].operand === 'string') return [];
  const operands = condition.operands.flatMap((operand) => inOtherType(operand, known) ?? []);
  if (operands.length < condition.operands.length) return [];
  const proposal = formatFilter({ ...condition, operands });
  return isAccepted(proposal) ? [proposal] : [];
}

/** Whether it may be sent: a number may be beyond what PostgreSQL holds, or too long as a text. */
function isAccepted(filter: JsonValue): boolean {
  try {
    parseFilter(parseJson(writeJson(filter)), FIELD_NAMES);
    return true;
  } catch (error) {
    if (error instanceof InvalidRequestError) return false;
    throw error;
  }
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

function withMember(condition: Condition, name: string, value: JsonValue): JsonValue {
  const formatted = formatFilter(condition);
  return formatted instanceof Map ? new JsonMap([...formatted, [name, value]]) : formatted;
}
