import {
  formatPath,
  JsonNumber,
  parseJson,
  writeJson,
  type JsonObject,
} from '../src/metadata/document/index.js';
import {
  bind,
  compileFilter,
  DOCUMENT,
  DEFAULT_QUERY_LIMITS,
  identifier,
  joinSql,
  nestMetadata,
  parseFilter,
  parseProjection,
  parseQueryString,
  parseSort,
  selectMetadata,
  sql,
} from '../src/metadata/query/index.js';
import { LAW_COLUMNS } from './laws/law-columns.js';
import { LawDatabase } from './laws/law-database.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import type { ReferenceTrial } from './support/reference/index.js';

/** Keys that JSON allows and that means something to a path, to SQL, to jsonb, to JavaScript or to a URL. */
const KEYS = [
  'plain', 'a.b', 'a..b', '.', '"', '"quoted"', "it's", '[0]', '[', ']', '[isNot]', '{}', '{a,b}', ' ', ' padded ', '', '\t', '\n', '\u00a0', '\u2028', '\ufeff', '\u200b', '\u0001', '\u007f',
  '😀', 'é', 'e\u0301', 'É', 'ａ', 'a', 'A',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length',
  '0', '-1', '1', '00', '1e0', 'NULL', 'null', 'true',
  '$1', '$', ':name', '::text', '?', '??', '?|', '->', '#>>', '@>', '*', '**', '@', '%', '_', '\\', '\\\\', '\\u0041', '--', '/*', '*/', ';', "'; DROP TABLE trial_metadata; --",
  'a:number', 'a,b', '-a', '+a', '&', '=', '#', '%20', 'metadata', 'metadata.plain', 'trial.id', 'field', 'and',
  'k'.repeat(200), '😀'.repeat(50),
]; // prettier-ignore

const NAMES = { columns: LAW_COLUMNS, limits: DEFAULT_QUERY_LIMITS };

/** Trial n holds key n alone, at the top, below an object and below a key of the same name. */
const TRIALS: readonly ReferenceTrial[] = KEYS.map((key, index) => ({
  id: index + 1,
  columns: new Map(),
  metadata: new Map<string, JsonObject | JsonNumber>([
    ['nested', new Map([[key, new Map([[key, new JsonNumber(String(index))]])]])],
    [key, new JsonNumber(String(index))],
  ]),
}));

describe('paths through odd keys', () => {
  let testDatabase: TestDatabase;
  let database: LawDatabase;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ empty: true });
    database = await LawDatabase.open(testDatabase.url);
    await database.fill(TRIALS);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.dispose();
  });

  test.each(KEYS.map((key, index) => [JSON.stringify(key), key, index] as const))(
    'the key %s is found, sorted by and projected, and no other is taken for it',
    async (_name, key, index) => {
      const id = index + 1;
      for (const path of [[key], ['nested', key, key]]) {
        const field = `metadata.${formatPath(path)}`;
        const condition = parseFilter(parseJson(writeJson({ field, operator: 'is', value: index })), NAMES);
        expect(await database.matching(condition)).toEqual([id]);
        expect(await database.matching({ kind: 'not', filter: condition })).not.toContain(id);
        expect(await database.matching(parseFilter(new Map([['field', field], ['operator', 'exists']]), NAMES))).toEqual([id]); // prettier-ignore

        const sort = parseSort([new Map([['field', field], ['direction', 'desc']])], NAMES); // prettier-ignore
        expect((await database.sorted(sort))[0]).toBe(id);

        expect(await projected(database, id, field)).toEqual(JSON.parse(writeJson(nested(path, index))));

        // In a query string a comma separates and `:number` says how to sort, unless it is in quotes.
        const quoted = `metadata.${path.map((segment) => JSON.stringify(segment)).join('.')}`;
        const listed = /[,:]/.test(key) ? quoted : field;
        const url = new URLSearchParams({
          [field]: String(index),
          sort: `-${listed}`,
          fields: `${listed},trial.id`,
        });
        const query = parseQueryString(new URLSearchParams(url.toString()), NAMES);
        expect(await database.matching(query.filter)).toEqual([id]);
        expect(query.sort).toEqual(
          sort.map((sortKey) => ({ ...sortKey, field: { kind: 'metadata', path } })),
        );
        expect(query.fields).toEqual([listed, 'trial.id']);
      }
    },
  );

  test('a key is a parameter and never part of the SQL', () => {
    const texts = KEYS.map((key) => {
      const field = `metadata.${formatPath([key])}`;
      const filter = parseFilter(new Map([['field', field], ['operator', 'exists']]), NAMES); // prettier-ignore
      const { text, values } = compileFilter(filter, { document: identifier('d') }).toPositional();
      expect(values).toEqual([key]);
      return text;
    });
    expect(new Set(texts)).toEqual(new Set(['("d" -> $1::text) IS NOT NULL']));
  });

  test('a number as a key goes into no list', async () => {
    await database.client.query('BEGIN');
    await database.insert([
      { id: 1001, columns: new Map(), metadata: new Map([['list', [new Map([['0', 'inner']]), 'b']]]) },
      { id: 1002, columns: new Map(), metadata: new Map([['list', new Map([['0', 'a'], ['-1', 'b']])]]) }, // prettier-ignore
    ]);
    for (const path of ['metadata.list.0', 'metadata.list.-1']) {
      const filter = parseFilter(new Map([['field', path], ['operator', 'exists']]), NAMES); // prettier-ignore
      expect(await database.matching(filter)).toEqual([1002]);
    }
    expect(await projected(database, 1001, 'metadata.list.0')).toEqual({});
    await database.client.query('ROLLBACK');
  });
});

/** The metadata of a trial's item when only this field is asked for. */
async function projected(database: LawDatabase, id: number, field: string): Promise<unknown> {
  const projection = parseProjection([field], NAMES);
  const texts = joinSql(selectMetadata(projection, DOCUMENT), ', ');
  const rows = await database.run(
    sql`SELECT ARRAY[${texts}] AS texts FROM trial_metadata WHERE trial_id = ${bind(id, 'bigint')}`,
  );
  return JSON.parse(writeJson(nestMetadata(projection, rows[0]?.['texts'] as (string | null)[])));
}

function nested(path: readonly string[], value: number): unknown {
  return path.reduceRight<unknown>((inner, key) => new Map([[key, inner]]), value);
}
