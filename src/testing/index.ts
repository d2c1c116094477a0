export {
  startTestPostgres,
  TestPostgres,
  type TestDatabase,
  type TestDatabaseOptions,
  type TestPostgresOptions,
} from './test-postgres.js';
export { MetadataTestingModule, type MetadataTestingOptions } from './metadata-testing.module.js';
export { TestTrial } from './test-trial.entity.js';
export { trialFactory, type TrialFactory } from './trial-factory.js';
