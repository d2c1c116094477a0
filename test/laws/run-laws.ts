/**
 * Tries the laws with more cases than a test run has time for:
 *
 *     npm run test:laws -- --runs 100000 [--seed 1]
 *
 * On an embedded PostgreSQL, or on the server that `TEST_DATABASE_URL` names (its user may create databases).
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import globalSetup from '../support/global-setup.js';
import globalTeardown from '../support/global-teardown.js';
import { createTestDatabase } from '../support/test-database.js';
import { LawDatabase } from './law-database.js';
import { checkLaw, LAWS } from './laws.js';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 10_000);
const seed = Number(values.seed ?? randomInt(2 ** 31));

await globalSetup();
const testDatabase = await createTestDatabase({ empty: true });
const database = await LawDatabase.open(testDatabase.url);
try {
  console.log(`seed ${seed}`);
  let total = 0;
  for (const law of LAWS) {
    const start = performance.now();
    const cases = await checkLaw(law, database, runs, seed);
    total += cases;
    console.log(`${cases} cases, ${((performance.now() - start) / 1000).toFixed(1)} s: ${law.name}`);
  }
  console.log(`${total} cases, no difference`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await database.close();
  await testDatabase.dispose();
  await globalTeardown();
}
