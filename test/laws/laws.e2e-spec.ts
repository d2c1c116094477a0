import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { LawDatabase } from './law-database.js';
import { checkLaw, LAWS } from './laws.js';

/** As many as fit a test run; `npm run test:laws -- --runs 100000` tries more, with another seed each time. */
const RUNS = 1_000;
const SEED = 20_240_501;

describe('the laws of the query engine, on a real PostgreSQL against a plain evaluation in memory', () => {
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

  test.each(LAWS)(
    '$name',
    async (law) => {
      expect(await checkLaw(law, database, RUNS, SEED)).toBeGreaterThan(0);
    },
    300_000,
  );
});
