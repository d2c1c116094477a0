import { TestPostgres, type TestDatabase } from '../../src/testing/index.js';
import { testServer } from './test-server-address.js';

export type { TestDatabase } from '../../src/testing/index.js';

/**
 * Makes a database of its own for a test file: with the reference master's tables, empty, in some 50 ms; or with nothing in
 * it at all for `{ empty: true }`, for a test that brings its own tables. `TEST_DATABASE_VIA` names host and port of a
 * pooler through which it is reached.
 */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const { adminUrl, prefix, template, templateError } = testServer();
  const server = new TestPostgres(adminUrl, prefix, () => Promise.resolve());
  if (options.empty) return via(await server.createDatabase());
  if (templateError !== undefined) throw new Error(`The test template has no tables: ${templateError}`);
  return via(await server.createDatabase({ copyOf: template }));
}

function via(database: TestDatabase): TestDatabase {
  const pooler = process.env['TEST_DATABASE_VIA'];
  if (!pooler) return database;
  const url = new URL(database.url);
  url.host = pooler;
  return { name: database.name, url: url.href, dispose: () => database.dispose() };
}
