import fc from 'fast-check';
import { parseRunFilter } from '../../src/determined/filter/parse-run-filter.js';
import {
  identifier,
  isJsonArray,
  JsonNumber,
  matchingTrials,
  sql,
  writeJson,
  type JsonObject,
  type JsonValue,
} from '../../src/metadata/index.js';
import { numbers, strings } from '../laws/arbitraries.js';
import { LAW_SOURCE, LawDatabase } from '../laws/law-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { evaluateFilter, type ReferenceTrial } from '../support/reference/index.js';
import { indexRows, meetsField, type FieldNode } from './index-rows.js';

const RUNS = 40;
const FILTERS = 40;

const keys = fc.constantFrom('a', 'b');
const scalars: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, true, false, new Map()),
  numbers,
  strings,
);

function values(depth: number): fc.Arbitrary<JsonValue> {
  if (depth === 0) return scalars;
  const inner = values(depth - 1);
  return fc.oneof(
    { weight: 2, arbitrary: scalars },
    { weight: 1, arbitrary: fc.constant<JsonValue>([]) },
    { weight: 2, arbitrary: fc.array(inner.filter(isNoEmptyList), { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: objects(inner) },
  );
}

/** Within a list an empty list is a leaf there, and nothing here. */
function isNoEmptyList(value: JsonValue): boolean {
  return !isJsonArray(value) || value.length > 0;
}

function objects(members: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonObject> {
  return fc.array(fc.tuple(keys, members), { maxLength: 3 }).map((entries) => new Map(entries));
}

const operands = {
  COLUMN_TYPE_TEXT: strings,
  COLUMN_TYPE_NUMBER: numbers,
  COLUMN_TYPE_DATE: fc.constantFrom(
    '2024-05',
    '2024-05-01',
    '2024-05-01T10:00:00Z',
    '2024-05-01T10:00:00.500+05:30',
    '1970-01-01',
  ),
} as const;

const fields: fc.Arbitrary<FieldNode> = fc
  .constantFrom('COLUMN_TYPE_TEXT', 'COLUMN_TYPE_NUMBER', 'COLUMN_TYPE_DATE')
  .chain((type) =>
    fc.record({
      columnName: fc.constantFrom(
        'metadata.a',
        'metadata.b',
        'metadata.a.b',
        'metadata.b.a',
        'metadata.a.a.b',
      ),
      type: fc.constant(type),
      operator: fc.constantFrom(
        '=',
        '!=',
        '<',
        '<=',
        '>',
        '>=',
        'contains',
        'notContains',
        'isEmpty',
        'notEmpty',
      ),
      value: fc.oneof(
        { weight: 9, arbitrary: operands[type] as fc.Arbitrary<JsonValue> },
        { weight: 1, arbitrary: fc.constant(null) },
      ),
    }),
  );

function textOf(field: FieldNode): string {
  return writeJson({ filterGroup: { kind: 'field', location: 'LOCATION_TYPE_RUN_METADATA', ...field } });
}

describe('filters of Determined', () => {
  let testDatabase: TestDatabase;
  let database: LawDatabase;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ empty: true });
    database = await LawDatabase.open(testDatabase.url);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.dispose();
  });

  it('match the runs whose index rows meet them, however the database goes about it', async () => {
    let filters = 0;
    let matches = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(objects(values(3)), { minLength: 8, maxLength: 20 }),
        fc.array(fields, { minLength: FILTERS, maxLength: FILTERS }),
        fc.boolean(),
        async (documents, nodes, byIndex) => {
          const trials = documents.map((metadata, index): ReferenceTrial => ({
            id: index + 1,
            columns: new Map(),
            metadata,
          }));
          await database.fill(trials, byIndex);
          for (const node of nodes) {
            const { filter } = parseRunFilter(textOf(node));
            const expected = trials.filter(({ metadata = new Map() }) =>
              meetsField(indexRows(metadata), node),
            );
            const ids = expected.map(({ id }) => id);
            expect({ node, ids: await database.matching(filter) }).toEqual({ node, ids });
            expect({
              node,
              ids: trials.filter((trial) => evaluateFilter(filter, trial)).map(({ id }) => id),
            }).toEqual({ node, ids });
            filters += 1;
            matches += ids.length;
          }
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(filters).toBeGreaterThanOrEqual(RUNS * FILTERS);
    expect(matches).toBeGreaterThan(RUNS * FILTERS);
  });

  it('find equal values in lists and below lists through the index on the document', async () => {
    const rare = new Map<string, JsonValue>([['a', [new Map<string, JsonValue>([['b', ['x', 'needle']]])]]]);
    const trials = Array.from({ length: 3000 }, (_, index): ReferenceTrial => ({
      id: index + 1,
      columns: new Map(),
      metadata:
        index === 1234
          ? rare
          : new Map<string, JsonValue>([['a', new Map([['b', new JsonNumber(String(index))]])]]),
    }));
    await database.fill(trials);
    const node: FieldNode = {
      columnName: 'metadata.a.b',
      type: 'COLUMN_TYPE_TEXT',
      operator: '=',
      value: 'needle',
    };
    const { filter } = parseRunFilter(textOf(node));
    expect(await database.matching(filter)).toEqual([1235]);
    const { from, where } = matchingTrials({
      source: LAW_SOURCE,
      tables: { metadata: identifier('trial_metadata') },
      filter,
    });
    const { text, values: parameters } = sql`EXPLAIN SELECT FROM ${from} WHERE ${where}`.toPositional();
    const plan = await database.client.query<{ 'QUERY PLAN': string }>(text, [...parameters]);
    expect(plan.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Bitmap Index Scan');
  });
});
