import {
  formatPath,
  JsonNumber,
  parseJson,
  writeJson,
  type JsonValue,
} from '../src/metadata/document/index.js';
import {
  compileFilter,
  DEFAULT_QUERY_LIMITS,
  DOCUMENT,
  OPERATORS,
  parseFilter,
  parseSort,
  sql,
  type Filter,
  type Operator,
} from '../src/metadata/query/index.js';
import { LAW_COLUMNS } from './laws/law-columns.js';
import { LawDatabase } from './laws/law-database.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { testServer } from './support/test-server-address.js';
import { fastest, timesAsLong } from './support/times-as-long.js';
import type { ReferenceTrial } from './support/reference/index.js';

const NAMES = { columns: LAW_COLUMNS, limits: DEFAULT_QUERY_LIMITS };
const EVERY_TRIAL: Filter = { kind: 'and', filters: [] };

/** PostgreSQL's numeric ends here: 131,072 digits before the point, 16,383 after it. */
const ENDS_OF_NUMERIC = [
  '1e131071',
  '-1e131071',
  `9${'0'.repeat(131_071)}`,
  '1e-16383',
  `0.${'0'.repeat(16_382)}1`,
];
const HOSTILE_TEXTS = [
  "'; DROP TABLE trial_metadata; --", "' OR '1'='1", '") OR true --', '$1', '$$', '$1::text', ':a', '::jsonb', '?', '@>', '/* */', '\\', '\\\\', "\\'", '\\u0000', '\\x00', 'E\'\\\'',
  '{', '}', '{}', '{NULL}', 'NULL', '"', '""', '","', '{"a":1}', '[1,2]', '\t\n\r\b\f\v', '\u0001\u001f\u007f\u0080', '\ufeff', '\ufffe\uffff', '\u202e', '😀', '\u{10ffff}', '%s%n', '${7*7}', '<script>',
]; // prettier-ignore

function trial(
  id: number,
  value: JsonValue,
  columns: Readonly<Record<string, JsonValue>> = {},
): ReferenceTrial {
  return { id, columns: new Map(Object.entries(columns)), metadata: new Map([['v', value]]) };
}

function condition(operator: string, value?: unknown, field = 'metadata.v'): Filter {
  return parseFilter(parseJson(writeJson({ field, operator, value })), NAMES);
}

describe('a query that means harm', () => {
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

  test('text that means something to SQL, to an array literal or to jsonb is plain text in every operator', async () => {
    await database.fill(HOSTILE_TEXTS.map((text, index) => trial(index + 1, text, { 'trial.state': text })));
    for (const [index, text] of HOSTILE_TEXTS.entries()) {
      const id = index + 1;
      for (const field of ['metadata.v', 'trial.state']) {
        expect(await database.matching(condition('is', text, field))).toEqual([id]);
        expect(await database.matching(condition('in', [text, 'other'], field))).toEqual([id]);
        expect(await database.matching(condition('between', [text, text], field))).toEqual([id]);
        expect(await database.matching(condition('isNot', text, field))).not.toContain(id);
        expect(await database.matching(condition('contains', text, field))).toContain(id);
        expect(await database.matching(condition('startsWith', text, field))).toContain(id);
      }
    }
    // A page that ends on it goes on behind it.
    for (const field of ['metadata.v', 'trial.state']) {
      for (const as of ['json', 'text']) {
        const sort = parseSort(parseJson(writeJson([{ field, as }])), NAMES);
        expect(await allPages(database, sort, 1)).toEqual(await database.sorted(sort));
      }
    }
  });

  test('numbers at the ends of what PostgreSQL holds overflow nothing', async () => {
    await database.fill([
      ...ENDS_OF_NUMERIC.map((text, index) => trial(index + 1, new JsonNumber(text))),
      trial(6, '1e999', {
        'trial.step': new JsonNumber('2147483647'),
        'trial.score': new JsonNumber('1e308'),
      }),
    ]);
    for (const text of ENDS_OF_NUMERIC) {
      for (const field of [
        'metadata.v',
        'trial.id',
        'trial.step',
        'trial.score',
        'trial.loss',
        'trial.labels',
      ]) {
        for (const operator of ['is', 'isNot', 'contains', 'gt', 'lte']) {
          await database.matching(condition(operator, new JsonNumber(text), field));
        }
        await database.matching(condition('in', [new JsonNumber(text), 1], field));
      }
    }
    expect(await database.matching(condition('gt', new JsonNumber('1e131070')))).toEqual([1, 3]);
    expect(await database.matching(condition('is', new JsonNumber(`1${'0'.repeat(131_071)}`)))).toEqual([1]);
    expect(await database.matching(condition('lt', new JsonNumber('1e131071'), 'trial.step'))).toEqual([6]);
    expect(await database.matching(condition('lt', new JsonNumber('1e131071'), 'trial.score'))).toEqual([6]);
    for (const as of ['json', 'number', 'text']) {
      const sort = parseSort(parseJson(writeJson([{ field: 'metadata.v', as }])), NAMES);
      expect(await allPages(database, sort, 2)).toEqual(await database.sorted(sort));
    }
  });

  test('a bigint out of range, on a host column of integers, is beyond every id and no error', async () => {
    await database.fill([trial(1, null, { 'trial.step': new JsonNumber('7') })]);
    for (const text of ['9223372036854775807', '9223372036854775808', '-9223372036854775809', '99999999999999999999', '1e30', '7.5']) {
      for (const field of ['trial.id', 'trial.step']) {
        expect(await database.matching(condition('is', new JsonNumber(text), field))).toEqual([]);
        expect(await database.matching(condition(text.startsWith('-') ? 'gt' : 'lt', new JsonNumber(text), field))).toEqual([1]);
      }
    }
    expect(await database.matching(condition('is', new JsonNumber('7.00'), 'trial.step'))).toEqual([1]);
  }); // prettier-ignore

  test('200 conditions on paths of 64 segments stay below the limit of parameters, in time linear in them', async () => {
    await database.fill([trial(1, null)]);
    const field = `metadata.${Array.from({ length: 64 }, () => 'a').join('.')}`;
    const worst: readonly (readonly [Operator, JsonValue | undefined])[] = [
      ['is', '2024-05-01'],
      ['contains', new Map([['a', 'b']])],
      ['contains', 'x'],
      ['between', ['2024-05-01', '2024-05-02']],
      ['isEmpty', undefined],
    ];
    for (const [operator, value] of worst) {
      const anyOf = (count: number) => {
        const conditions = Array.from({ length: count }, () => ({ field, operator, value }));
        return parseFilter(parseJson(writeJson({ or: conditions })), NAMES);
      };
      // Not fewer: up to ten on such a path are told in jsonpath, which is much quicker.
      const [many, few] = [anyOf(200), anyOf(20)];
      expect(compileFilter(many, { document: DOCUMENT }).toPositional().values.length).toBeLessThan(65_535);
      // Quadratic work would take 100 times as long.
      const times = await timesAsLong(
        () => database.matching(many),
        () => database.matching(few),
      );
      expect(times).toBeLessThan(50);
    }
  });

  test('groups as deep and lists as long as are allowed run', async () => {
    await database.fill([trial(1, new JsonNumber('1')), trial(2, new JsonNumber('2'))]);
    let nested: unknown = { field: 'metadata.v', operator: 'is', value: 1 };
    for (let depth = 0; depth < 32; depth++) nested = depth % 2 === 0 ? { not: nested } : { or: [nested] };
    expect(
      await database.matching(parseFilter(parseJson(writeJson(nested), { maxDepth: 128 }), NAMES)),
    ).toEqual([1]);
    const many = Array.from({ length: 1_000 }, (_, index) => index);
    expect(await database.matching(condition('in', many))).toEqual([1, 2]);
    expect(await database.matching(condition('in', many, 'trial.id'))).toEqual([1, 2]);
  });

  test('long texts make no regular expression slow', async () => {
    const fill = async (length: number) => {
      const texts = ['0', '1', ' ', '9e', '1a', '2024-05-01T10:00:00.', 'İΣ', '-', '2024-02-29'].map((unit) =>
        unit.repeat(Math.floor(length / unit.length)),
      );
      await database.fill(texts.map((text, index) => trial(index + 1, text, { 'trial.state': text })));
    };
    const askAll = async () => {
      for (const field of ['metadata.v', 'trial.state']) {
        for (const as of ['json', 'number', 'text']) {
          await database.sorted(parseSort(parseJson(writeJson([{ field, as }])), NAMES));
        }
        for (const value of ['2024-05-01', 'x', '1'.repeat(1_000)]) {
          for (const operator of ['gt', 'contains', 'startsWith'])
            await database.matching(condition(operator, value, field));
        }
      }
    };
    await fill(16_384 / 20);
    const short = await fastest(askAll);
    await fill(16_384);
    // Quadratic work would take 400 times as long.
    expect((await fastest(askAll)) / short).toBeLessThan(100);
  });

  test('a list of lists, a thousand elements or ten levels deep, is looked through', async () => {
    const wide = Array.from({ length: 1_000 }, (_, index) => `element ${index}`);
    let deep: JsonValue = 'needle';
    for (let depth = 0; depth < 200; depth++) deep = depth % 2 === 0 ? [deep] : new Map([['k', deep]]);
    await database.fill([trial(1, wide), trial(2, deep)]);
    expect(await database.matching(condition('contains', 'element 999'))).toEqual([1]);
    expect(await database.matching(condition('contains', 'NEEDLE'))).toEqual([2]);
  });

  test("dates at the ends of the calendar, in the session's every notation", async () => {
    const dates = ['0001-01-01', '0001-01-01T00:00:00+14:59', '9999-12-31T23:59:59.999999-14:59', '2024-02-29', '2024-03-01', '10000-01-01', '0000-12-31', '2024-02-30', '2023-02-29T10:00Z'];
    await database.fill(dates.map((date, index) => trial(index + 1, date, { 'trial.startTime': '2024-02-29T12:00:00.000Z' })));
    for (const setting of ["DateStyle = 'SQL, DMY'", "DateStyle = 'German'", "TimeZone = 'Asia/Kolkata'", "TimeZone = 'America/New_York'", "IntervalStyle = 'sql_standard'"]) {
      await database.client.query(`SET ${setting}`);
      expect(await database.matching(condition('lt', '2024-03-01'))).toEqual([1, 2, 4]);
      expect(await database.matching(condition('gte', '9999-12-31T23:59:59.999999-14:59'))).toEqual([3]);
      expect(await database.matching(condition('lte', '0001-01-01'))).toEqual([1, 2]);
      for (const operator of ['is', 'gte', 'lte']) {
        expect(await database.matching(condition(operator, '2024-02-29T13:00+01:00', 'trial.startTime'))).toHaveLength(dates.length);
        expect(await database.matching(condition(operator, '2024-02-30', 'trial.startTime'))).toEqual([]);
      }
      expect(await database.matching(condition('gt', '0001-01-01T00:00:00+14:59', 'trial.startTime'))).toHaveLength(dates.length);
      expect(await database.matching(condition('contains', '29T12:00', 'trial.startTime'))).toHaveLength(dates.length);
      const sort = parseSort(parseJson(writeJson([{ field: 'trial.startTime', direction: 'desc' }])), NAMES);
      expect(await allPages(database, sort, 2)).toEqual(await database.sorted(sort));
    }
    await database.client.query('RESET ALL');
  }); // prettier-ignore

  test('every operator with every shape of operand answers, or is refused with 400', async () => {
    await database.fill([trial(1, null)]);
    const operands = ['null', 'true', '0', '1e400', '""', '"2024-05-01"', '[]', '[[]]', '[null, {}]', '{}', '{"": []}'].map((json) => parseJson(json)); // prettier-ignore
    for (const operator of Object.keys(OPERATORS)) {
      for (const value of operands) {
        for (const field of [
          'metadata.v',
          `metadata.${formatPath(['', '__proto__'])}`,
          ...LAW_COLUMNS.keys(),
        ]) {
          let filter: Filter;
          try {
            filter = condition(operator, value, field);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_request' });
            continue;
          }
          await database.matching(filter);
        }
      }
    }
  });
});

test("case does not depend on the database's own locale: Turkish, for which i is no lower case of I", async () => {
  const { adminUrl, prefix } = testServer();
  const name = `${prefix}turkish`;
  const plain = await createTestDatabase({ empty: true });
  const admin = await LawDatabase.open(plain.url);
  const [server] = await admin.run(sql`SELECT current_setting('server_version_num')::integer AS version`);
  // A locale of ICU for a whole database came with PostgreSQL 15.
  if (Number(server?.['version']) >= 150_000) {
    await admin.client.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR' LOCALE 'C'`,
    );
  }
  await admin.close();
  await plain.dispose();
  if (Number(server?.['version']) < 150_000) return;
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const database = await LawDatabase.open(url.href);
  await database.fill([
    trial(1, 'TITLE'),
    trial(2, 'title'),
    trial(3, 'tıtle'),
    trial(4, 'v10'),
    trial(5, 'V9'),
  ]);
  expect(await database.matching(condition('contains', 'ITL'))).toEqual([1, 2]);
  expect(await database.matching(condition('startsWith', 'ti'))).toEqual([1, 2]);
  const sort = parseSort(parseJson('[{"field": "metadata.v", "as": "text"}]'), NAMES);
  expect(await database.sorted(sort)).toEqual([1, 2, 3, 5, 4]);
  expect(await database.run(sql`SELECT lower('TITLE') AS own`)).toEqual([{ own: 'tıtle' }]);
  await database.close();
});

async function allPages(
  database: LawDatabase,
  sort: ReturnType<typeof parseSort>,
  limit: number,
): Promise<number[]> {
  const ids: number[] = [];
  for (let page = await database.page(EVERY_TRIAL, sort, limit, undefined); ;) {
    ids.push(...page.ids);
    if (page.end === undefined || ids.length > 1_000) return ids;
    page = await database.page(EVERY_TRIAL, sort, limit, page.end);
  }
}
