import { randomBytes } from 'node:crypto';
import { copyDatabase, createDatabase, dropDatabase, urlOf } from './databases.js';
import { testServer } from './test-server-address.js';

/** A database for one test file alone. */
export interface TestDatabase {
  readonly url: string;
  /** Drops it, cutting who is still connected. */
  dispose(): Promise<void>;
}

/**
 * Makes a database of its own for a test file: with the reference master's tables, empty, in some 50 ms; or with nothing in
 * it at all for `{ empty: true }`, for a test that brings its own tables.
 */
export async function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const { adminUrl, prefix, template, templateError } = testServer();
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  if (options.empty) {
    await createDatabase(adminUrl, name);
  } else {
    if (templateError !== undefined) throw new Error(`The test template has no tables: ${templateError}`);
    await copyDatabase(adminUrl, template, name);
  }
  return { url: urlOf(adminUrl, name), dispose: () => dropDatabase(adminUrl, name) };
}
