import fc from 'fast-check';
import { JsonNumber, parseJson, type JsonObject, type JsonValue } from '../../src/metadata/document/index.js';
import {
  OPERATORS,
  type Field,
  type Filter,
  type Operator,
  type Sort,
  type ValueType,
} from '../../src/metadata/query/index.js';
import type { ReferenceTrial } from '../support/reference/index.js';
import { LAW_COLUMNS } from './law-columns.js';

/** Numbers that meet: the same value in several spellings, and values that only exact digits tell apart. */
export const NUMBER_TEXTS = [
  '0', '-0', '0.00', '1', '1.0', '1.00', '10e-1', '0.1E1', '1.0000000000000000001', '0.9999999999999999999', '2', '-1',
  '8', '8.5', '10', '1e1', '16', '100', '1e2', '9007199254740992', '9007199254740993', '9007199254740993.0',
  '0.1', '0.1000000000000000055', '1e400', `1${'0'.repeat(400)}`, '1.0e400', '-1e400', '1e-300', '123456789012345678901',
]; // prettier-ignore

const DATES = ['2024-05-01', '2024-04-30', '2024-05', '2024-02-29', '2023-02-29', '2024-02-30', '0000-01-01', '0001-01-01', '9999-12-31', '1970-01-01', '1900-02-29', '2000-02-29']; // prettier-ignore
const TIMES = ['', 'T00:00', 'T10:00:00', ' 10:00', 'T10:00:00.5', 'T10:00:00,500', 'T10:00:00.500000', 'T10:00:00.1234567', 'T10:00:00.123456', 'T10:00:00.123456789', 'T23:59:59', 'T23:59:60', 'T24:00', 'T10']; // prettier-ignore
const OFFSETS = ['', '', 'Z', '+00:00', '-00:00', '+05:30', '-0530', '+14', '-14:59', '+15:00', ' UTC'];

/** One instant in several spellings, and its nearest neighbours on both sides. */
const NEAR_DATES = ['2024-05-01', '2024-05', '2024-05-01T00:00Z', '2024-05-01T05:30+05:30', '2024-04-30 18:30-0530', '2024-05-01T00:00', '2024-05-01T00:00+05:30', '2024-05-01T00:00:00.123456Z', '2024-05-01T00:00:00.123456789', '2024-05-01T00:00:00,1234561Z', '2024-05-01T00:00:00.123457Z', '2024-04-30T18:30']; // prettier-ignore

const NUMERIC_STRINGS = ['8', '16', '8.0', '08', '1e1', '+5', ' 7 ', '-3', '.5', '5.', '1e999', '1e-999', '1e1000', '0x10', 'NaN', 'Infinity', '1_000', '-', '.', '٣', '9'.repeat(400), '9'.repeat(401), `${'9'.repeat(396)}e999`]; // prettier-ignore

const WORDS = ['NVIDIA A100', 'nvidia a100', 'A100', 'a', 'A', 'v9', 'v10', 'v010', 'V9', 'true', 'null', 'NULL', '[1]', '{}', '""', 'ΟΔΟΣ', 'οδος', 'οδοσ', 'ΟΔΟΣΑ', 'İ', 'i', 'I', 'ı', 'STRASSE', 'straße', 'é', 'e\u0301', 'É', '😀', '\uFFFD', '😀a', '%', '_', '\\', '\\\\', "'", '"', '{a,b}', "'; DROP TABLE law_trials; --", '$1', ':a', '\n', '\t', '\u2028', '\u0001']; // prettier-ignore

const LETTERS = ['a', 'A', 'b', 'ß', 'σ', 'ς', 'Σ', 'İ', 'i', '\u0301', '😀', '%', '_', '\\', '"', "'", ' ', '0', '1', '2', '.', '-']; // prettier-ignore

/** Texts that JSON, LIKE and lower-casing each write in a way of their own. */
const LONG_WORDS = ['NVIDIA A100-SXM4-80GB', 'C:\\temp\\new', 'say "abc" 100%', 'tab\there\nand there', 'under_score', "it's", 'İSTANBUL', 'ΟΔΟΣ abcΣ', 'abcσ', '\u212Aelvin', 'straßenbahn', 'e\u0301toile', '\u0001\u001Fcontrol', '\u007F\u2028sep', 'true false', '1000.50', 'x😀yzzy']; // prettier-ignore

/** A part of a long text, in capitals or not: what is typed into a search box. */
const parts = fc
  .tuple(fc.constantFrom(...LONG_WORDS), fc.nat(8), fc.integer({ min: 2, max: 20 }), fc.constantFrom('as it is', 'upper', 'lower'))
  .map(([word, from, length, letters]) => {
    const part = Array.from(word).slice(from, from + length).join('');
    return letters === 'upper' ? part.toUpperCase() : letters === 'lower' ? part.toLowerCase() : part;
  }); // prettier-ignore

/** Few enough that paths meet; the odd ones are those that have broken other people's code. */
const KEYS = ['a', 'b', 'c', 'A', '', 'a.b', '0', '-1', '1', '"', "'", '[0]', '{}', '\\', ' ', '😀', 'é', '__proto__', 'constructor', 'toString', '$', '%', 'null', 'k'.repeat(200)]; // prettier-ignore

const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c') },
  { weight: 3, arbitrary: fc.constantFrom(...KEYS) },
);

export const numbers: fc.Arbitrary<JsonNumber> = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom(...NUMBER_TEXTS) },
    { weight: 1, arbitrary: fc.integer({ min: -3, max: 12 }).map(String) },
    { weight: 1, arbitrary: fc.bigInt().map(String) },
  )
  .map((text) => new JsonNumber(text));

export const strings: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...DATES), fc.constantFrom(...TIMES), fc.constantFrom(...OFFSETS)).map((parts) => parts.join('')) },
  { weight: 4, arbitrary: fc.constantFrom(...LONG_WORDS) },
  { weight: 2, arbitrary: parts },
  { weight: 2, arbitrary: fc.constantFrom(...NEAR_DATES) },
  { weight: 2, arbitrary: fc.constantFrom(...NUMERIC_STRINGS) },
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 4 }) },
); // prettier-ignore

const scalars: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<JsonValue>(null, true, false, '', [], new Map()) },
  { weight: 3, arbitrary: numbers },
  { weight: 4, arbitrary: strings },
);

/** Lists and objects that hold each other or nearly do: equality, containment and order must tell them apart. */
const CONTAINERS = ['[1]', '[1.0]', '[1, 2]', '[2, 1]', '["a"]', '["A"]', '["a", "a"]', '[null]', '[[]]', '[[1]]', '[[1], 1]', '[{}]', '[{"a": 1}]', '{"a": 1}', '{"b": 1}', '{"a": 1, "b": 2}', '{"a": [1]}', '{"a": [1, 2]}', '{"a": {}}', '{"a": {"a": 1}}', '{"b": {"a": 1}, "a": []}', '{"a": "A"}', '{"a": null}']; // prettier-ignore
const containers = fc.constantFrom(...CONTAINERS.map((json) => parseJson(json)));

/** Any JSON value, up to `depth` lists and objects inside each other. */
export function values(depth: number): fc.Arbitrary<JsonValue> {
  if (depth === 0) return scalars;
  const inner = values(depth - 1);
  return fc.oneof(
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: containers },
    { weight: 1, arbitrary: fc.array(inner, { maxLength: 3 }) },
    { weight: 2, arbitrary: objects(inner) },
  );
}

function objects(members: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(key, members), { maxLength: 4 }).map((entries) => new Map(entries));
}

export const documents: fc.Arbitrary<JsonObject> = objects(values(3));

const columnValues: readonly (readonly [string, fc.Arbitrary<JsonValue>])[] = [
  ['step', fc.constantFrom('0', '1', '8', '10', '-3', '2147483647').map((text) => new JsonNumber(text))],
  ['score', fc.constantFrom('0', '1', '1.5', '0.1', '-3', '16', '9007199254740992').map((text) => new JsonNumber(text))],
  ['loss', fc.constantFrom('0', '1', '1.00', '0.1000000000000000055', '1e30', '-3.50').map((text) => new JsonNumber(text))],
  ['state', fc.constantFrom('ACTIVE', 'COMPLETED', 'completed', '', '8', '16', '2024-05-01', '2024-05-01T00:00Z', 'ΟΔΟΣ', "it's")],
  ['archived', fc.boolean()],
  ['startTime', fc.constantFrom('2024-05-01T00:00:00.000Z', '2024-05-01T10:00:00.500Z', '1970-01-01T00:00:00.000Z', '2024-04-30T23:59:59.999Z')],
  ['labels', fc.oneof(fc.array(strings, { maxLength: 3 }), values(1))],
]; // prettier-ignore

const columns: fc.Arbitrary<ReadonlyMap<string, JsonValue>> = fc
  .tuple(...columnValues.map(([name, value]) => fc.option(value, { freq: 4, nil: undefined }).map((given) => [name, given] as const)))
  .map((entries) => new Map(entries.flatMap(([name, value]) => (value === undefined ? [] : [[`trial.${name}`, value]])))); // prettier-ignore

/** One trial, without its id: that is its place in the pool. */
export const trials: fc.Arbitrary<Omit<ReferenceTrial, 'id'>> = fc.record({
  columns,
  metadata: fc.option(documents, { freq: 9, nil: undefined }),
});

/** A pool of trials with the ids 1, 2, 3 … and their ids as a column. */
export function pool(size: number, seed: number): readonly ReferenceTrial[] {
  return fc.sample(trials, { numRuns: size, seed }).map((trial, index) => withId(trial, index + 1));
}

export function withId(trial: Omit<ReferenceTrial, 'id'>, id: number): ReferenceTrial {
  return { id, ...trial, columns: new Map([...trial.columns, ['trial.id', new JsonNumber(String(id))]]) };
}

/** A path that mostly leads somewhere. */
const paths = fc.oneof(
  fc.array(key, { minLength: 1, maxLength: 3 }),
  fc.constantFrom('a', 'b', 'c').map((top) => [top]),
);

/** A path in the document, or a column of the host's. */
export const fields: fc.Arbitrary<Field> = fc.oneof(
  { weight: 3, arbitrary: paths.map((path) => ({ kind: 'metadata' as const, path })) },
  { weight: 1, arbitrary: fc.constantFrom(...LAW_COLUMNS.values()).map((column) => ({ kind: 'column' as const, column })) },
); // prettier-ignore

const OPERATOR_NAMES = Object.keys(OPERATORS) as Operator[]; // the table's own keys

const operand: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 6, arbitrary: scalars },
  { weight: 3, arbitrary: containers },
  { weight: 1, arbitrary: values(2) },
);

/** An operand that the field may well hold: a column holds few values of one type. */
function operandFor(field: Field): fc.Arbitrary<JsonValue> {
  if (field.kind === 'metadata') return operand;
  const held = columnValues.find(([name]) => field.column.name === `trial.${name}`)?.[1] ?? numbers;
  return fc.oneof(operand, { weight: 2, arbitrary: held });
}

function operandsOf(operator: Operator, field: Field): fc.Arbitrary<readonly JsonValue[]> {
  const any = operandFor(field);
  switch (OPERATORS[operator].operand) {
    case 'none':
      return fc.constant([]);
    case 'list':
      return fc.array(any, { maxLength: 4 });
    case 'pair':
      return fc.oneof(fc.tuple(numbers, numbers), fc.tuple(strings, strings), fc.tuple(any, any));
    case 'string':
      return fc.tuple(strings);
    case 'any':
      return isOrder(operator)
        ? fc.tuple(fc.oneof({ weight: 1, arbitrary: numbers }, { weight: 2, arbitrary: strings }, { weight: 2, arbitrary: any }))
        : fc.tuple(any);
  }
} // prettier-ignore

function isOrder(operator: Operator): boolean {
  return ['gt', 'gte', 'lt', 'lte'].includes(operator);
}

function conditionsFor(operator: Operator, field: Field): fc.Arbitrary<Filter> {
  return operandsOf(operator, field).map((operands) => ({
    kind: 'condition' as const,
    field,
    operator,
    operands,
  }));
}

export const conditions: fc.Arbitrary<Filter> = fc
  .tuple(fc.constantFrom(...OPERATOR_NAMES), fields)
  .chain(([operator, field]) => conditionsFor(operator, field));

/** Conditions that an index on texts, or on the document, may serve. */
export const textConditions: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.constantFrom(
      'contains' as const,
      'contains' as const,
      'startsWith' as const,
      'is' as const,
      'in' as const,
    ),
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof({ weight: 4, arbitrary: parts }, { weight: 1, arbitrary: strings }),
    fc.array(operand, { maxLength: 2 }),
  )
  .map(([operator, top, text, more]) => ({
    kind: 'condition' as const,
    field: { kind: 'metadata' as const, path: [top] },
    operator,
    operands: operator === 'in' ? [text, ...more] : [text],
  }));

const valueTypes = fc.constantFrom<ValueType>(
  'null',
  'boolean',
  'number',
  'string',
  'array',
  'object',
  'date',
  'text',
);

/** What other wire formats ask for: some value below lists on the way, mostly that it equals something. */
const someValues: fc.Arbitrary<Filter> = fc
  .tuple(paths, fc.constantFrom('values' as const, 'elements' as const), fc.constantFrom(...OPERATOR_NAMES, 'is' as const))
  .chain(([path, of, operator]) => {
    const field = fc.oneof(fc.constant<Field>({ kind: 'metadata', path: [] }), fields);
    return fc
      .array(field.chain((inner) => conditionsFor(operator, inner)), { minLength: 1, maxLength: 2 })
      .chain((children) => fc.constantFrom<Filter>(...children, { kind: 'or', filters: children }, { kind: 'and', filters: children }))
      .map((filter) => ({ kind: 'some' as const, path, of, filter }));
  }); // prettier-ignore

/** Filters up to four groups deep; empty groups too. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 10, arbitrary: conditions },
    { weight: 2, arbitrary: someValues },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('type' as const), path: paths, type: valueTypes }),
    },
    { weight: 4, arbitrary: group('and', tie('filter')) },
    { weight: 4, arbitrary: group('or', tie('filter')) },
    { weight: 4, arbitrary: tie('filter').map((filter) => ({ kind: 'not' as const, filter })) },
  ),
})).filter;

function group(kind: 'and' | 'or', children: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.array(children, { maxLength: 3 }).map((filters) => ({ kind, filters }));
}

export const sorts: fc.Arbitrary<Sort> = fc.array(
  fc.record({
    field: fields,
    direction: fc.constantFrom('asc' as const, 'desc' as const),
    as: fc.constantFrom('json' as const, 'number' as const, 'text' as const),
  }),
  { maxLength: 5 },
);
