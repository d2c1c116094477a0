import pg from 'pg';
import type { TestDatabase } from '../support/index.js';
import { createTestDatabase } from '../support/index.js';

describe('a test database', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.dispose();
  });

  it('has the tables of the master and no rows', async () => {
    const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM trials');
    expect(rows[0]?.count).toBe('0');
  });

  it('sorts text bytewise', async () => {
    const { rows } = await client.query<{ less: boolean }>(
      `SELECT to_jsonb('B'::text) < to_jsonb('a'::text) AS less`,
    );
    expect(rows[0]?.less).toBe(true);
  });

  it('shows its rows to no other test file', async () => {
    await client.query(`INSERT INTO projects (name, created_at) VALUES ('p', '2026-01-01Z')`);
    const other = await createTestDatabase();
    const elsewhere = new pg.Client({ connectionString: other.url });
    await elsewhere.connect();
    const { rows } = await elsewhere.query<{ count: string }>('SELECT count(*) FROM projects');
    await elsewhere.end();
    await other.dispose();
    expect(rows[0]?.count).toBe('0');
  });
});
