import pg from 'pg';
import {
  columnJson,
  columnText,
  columnTextJson,
  sql,
  trustedSql,
  type Column,
} from '../src/metadata/index.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** Times as PostgreSQL reads them. */
const TIMES = [
  '2024-05-01 10:00:00Z',
  '2024-05-01 10:00:00.1Z',
  '2024-05-01 10:00:00.12Z',
  '2024-05-01 10:00:00.123Z',
  '2024-05-01 10:00:00.1236Z',
  '2024-05-01 10:00:00.999999Z',
  '2024-05-01 23:30:00.5-05:30',
  '1969-12-31 23:59:59.999999Z',
  '0001-01-01 00:00:00Z',
  '12024-02-29 00:00:00.25Z',
  '0044-03-15 12:00:00Z BC',
  '0044-03-15 12:00:00.75Z BC',
  'infinity',
  '-infinity',
];

const INSTANT: Column = {
  name: 'trial.time',
  type: 'instant',
  sql: trustedSql('"each"."time"'),
  item: 'time',
  owner: 'trial',
};

describe('an instant of a column', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.dispose();
  });

  it.each(['UTC', 'Asia/Kolkata'])(
    'is the same in an answer and in a filter, in a session of %s',
    async (zone) => {
      await client.query(
        `SELECT set_config('TimeZone', $1, false), set_config('DateStyle', 'SQL, DMY', false)`,
        [zone],
      );
      const { text } = sql`SELECT (${columnJson(INSTANT)})::text AS "json", ${columnText(INSTANT)} AS "text"
      FROM unnest($1::timestamptz[]) WITH ORDINALITY AS "each" ("time", "place") ORDER BY "place"`.toPositional();
      const { rows } = await client.query<{ json: string | null; text: string | null }>(text, [
        [...TIMES, null],
      ]);
      expect(rows.map((row) => columnTextJson(INSTANT, row.text))).toEqual(rows.map(({ json }) => json));
      expect(rows[4]?.json).toBe('"2024-05-01T10:00:00.123Z"');
    },
  );
});
