/** Where the test run's PostgreSQL is and how its databases are made. */
export interface TestServer {
  /** Connection URL of a user who may create databases. */
  readonly adminUrl: string;
  /** A folder for what the run leaves on disk; deleted at its end. */
  readonly folder: string;
  /** How the names of this run's databases begin. */
  readonly prefix: string;
  /** The migrated database that others are copied from. */
  readonly template: string;
  /** Why the template could not be migrated. */
  readonly templateError?: string;
}

/** The environment variable by which the global set-up hands the address to the test files. */
export const TEST_SERVER = 'TRIAL_METADATA_TEST_SERVER';

/** The address, in a test file. */
export function testServer(): TestServer {
  const text = process.env[TEST_SERVER];
  if (!text) throw new Error('There is no test server: run this file with `jest --selectProjects e2e`.');
  return JSON.parse(text) as TestServer; // written by the global set-up
}
