import fc from 'fast-check';
import { JsonNumber, parseJson, writeJson, type JsonValue } from '../document/index.js';
import { columnCatalog, type Column } from './column.js';
import type { Field } from './field.js';
import type { Filter } from './filter.js';
import { formatFilter } from './format-filter.js';
import { OPERATORS, type Operator } from './operators.js';
import { parseFilter } from './parse-filter.js';
import { DEFAULT_QUERY_LIMITS } from './query-limits.js';
import { identifier } from './sql.js';

const state: Column = {
  name: 'trial.state',
  type: 'text',
  sql: identifier('state'),
  item: 'state',
  owner: 'trial',
};
const names = { columns: columnCatalog([state]), limits: DEFAULT_QUERY_LIMITS };

const text = fc.string({ unit: 'binary', maxLength: 8 }).filter((value) => !value.includes('\0'));
const operand: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, [], new Map(), new JsonNumber('1e400'), new JsonNumber('-0.0')),
  text,
  fc.array(text, { maxLength: 3 }),
  fc.array(fc.tuple(text, text), { maxLength: 3 }).map((members) => new Map(members)),
);
const field: fc.Arbitrary<Field> = fc.oneof(
  fc.array(text, { minLength: 1, maxLength: 5 }).map((path) => ({ kind: 'metadata' as const, path })),
  fc.constant({ kind: 'column' as const, column: state }),
);
const operands: Readonly<Record<string, fc.Arbitrary<readonly JsonValue[]>>> = {
  none: fc.constant([]),
  any: fc.tuple(operand),
  string: fc.tuple(text),
  list: fc.array(operand, { maxLength: 3 }),
  pair: fc.tuple(operand, operand),
};
const condition: fc.Arbitrary<Filter> = fc
  .constantFrom(...(Object.keys(OPERATORS) as Operator[])) // the table's own keys
  .chain((operator) =>
    fc.record({
      kind: fc.constant('condition' as const),
      field,
      operator: fc.constant(operator),
      operands: operands[OPERATORS[operator].operand] ?? fc.constant([]),
    }),
  );
const filter = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 5 },
    condition,
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), filters: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
})).filter; // prettier-ignore

test('parseFilter reads back what formatFilter writes, through JSON text as well', () => {
  fc.assert(
    fc.property(filter, (tree) => {
      expect(parseFilter(formatFilter(tree), names)).toEqual(tree);
      expect(parseFilter(parseJson(writeJson(formatFilter(tree))), names)).toEqual(tree);
    }),
    { numRuns: 1_000 },
  );
});

test('writes a filter as people do', () => {
  const json =
    '{"and":[{"field":"metadata.hardware.gpu","operator":"is","value":"A100"},{"not":{"field":"trial.state","operator":"exists"}}]}';
  expect(writeJson(formatFilter(parseFilter(parseJson(json), names)))).toBe(json);
});
