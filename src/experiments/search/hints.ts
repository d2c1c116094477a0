import {
  formatField,
  formatFilter,
  formatPath,
  JsonMap,
  jsonTypeOf,
  nearest,
  shortenText,
  writeJson,
  type Condition,
  type JsonValue,
  type KnownField,
} from '../../metadata/index.js';
import { converted, typesNeverHeld, withBoundsInOrder, type Candidate } from './alternatives.js';
import type { Total } from './total.js';

/** Why a condition of a search that found nothing may be the reason. */
export interface Hint {
  readonly condition: JsonValue;
  /** How many trials meet this condition alone. */
  readonly matches: Total;
  /**
   * `unknown_field`: no trial has it; `other_type`: it holds the value in another type, or none of the operand's;
   * `other_text`: the operand is a part of texts that it holds; `bounds_reversed`: nothing is between them; else `condition`.
   */
  readonly code: 'unknown_field' | 'other_type' | 'other_text' | 'bounds_reversed' | 'condition';
  readonly message: string;
  /** Conditions that may be meant instead, the likeliest first. */
  readonly alternatives: readonly JsonValue[];
}

/** Operators that look at what a list or an object holds. */
const LOOKING_WITHIN: ReadonlySet<string> = new Set(['contains', 'doesNotContain']);

/**
 * @param fields the known fields that the user sees
 * @param met the likeliest of the {@link candidatesFor} the condition that some trial meets; absent: none
 */
export function hintFor(
  condition: Condition,
  matches: Total,
  fields: readonly KnownField[],
  met?: Candidate,
): Hint {
  const { field } = condition;
  const name = formatField(field);
  const plain = { condition: formatFilter(condition), matches };
  const alone = `${howMany(matches)} this condition alone.`;
  const known = knownFieldOf(condition, fields);
  if (field.kind === 'metadata' && known === undefined) {
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
  const inOrder = withBoundsInOrder(condition);
  if (inOrder !== undefined) {
    const [upper, lower] = inOrder.operands.map((bound) => shortenText(writeJson(bound)));
    return {
      ...plain,
      code: 'bounds_reversed',
      message: `Nothing is between ${lower} and ${upper}: the lower bound is above the upper one. Give them the other way round.`,
      alternatives: [formatFilter(inOrder)],
    };
  }
  const expected = known === undefined ? [] : typesNeverHeld(condition, known);
  const alternatives = met === undefined ? [] : [formatFilter(met.condition)];
  if (known !== undefined && expected.length > 0) {
    const held = Object.entries(known.types)
      .map(([type, count]) => `${type} in ${count}`)
      .join(', ');
    const other = converted(condition, known);
    return {
      ...plain,
      code: 'other_type',
      message: `${name} is there as ${held} trials, never as ${expected.join(' or ')}. ${alone}`,
      alternatives: [...(other === undefined ? [] : [formatFilter(other)]), ...alternatives],
    };
  }
  if (met === undefined) return { ...plain, code: 'condition', message: alone, alternatives };
  const { code } = met;
  return { ...plain, code, message: `${alone} ${SAID[code](name, met.condition)}`, alternatives };
}

/** What the server knows of the field of a condition; undefined for a column, and for a field that no trial has. */
export function knownFieldOf({ field }: Condition, fields: readonly KnownField[]): KnownField | undefined {
  if (field.kind === 'column') return undefined;
  const path = formatPath(field.path);
  return fields.find((candidate) => candidate.path === path);
}

const SAID: Readonly<Record<Candidate['code'], (name: string, met: Condition) => string>> = {
  other_type: (name, { operands }) =>
    `${name} is of several types, and some trials have this value as ${[...new Set(operands.map(jsonTypeOf))].join(' or ')}.`,
  other_text: (name, { operands }) =>
    `Some trials have ${shortenText(writeJson(operands[0] ?? null))} as a part of ${name}, or in another case.`,
};

/**
 * The conditions worth a hint. A value of a query string has no type, and is looked for as text and as the number, boolean or
 * null whose JSON text it is: of such two, those are left whose type the field holds, or else the text.
 */
export function withoutOtherSpellings(
  conditions: readonly Condition[],
  fields: readonly KnownField[],
): readonly Condition[] {
  const isHeld = (condition: Condition) => {
    const { field, operator, operands } = condition;
    if (field.kind !== 'metadata') return false;
    const types = knownFieldOf(condition, fields)?.types ?? {};
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

function withMember(condition: Condition, name: string, value: JsonValue): JsonValue {
  const formatted = formatFilter(condition);
  return formatted instanceof Map ? new JsonMap([...formatted, [name, value]]) : formatted;
}
