import { availableParallelism } from 'node:os';

/** Two projects: `unit` needs nothing but Node.js; `e2e` runs on a real PostgreSQL that its global set-up starts. */
const common = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '@swc/jest' },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    // The package by its own name, as its users import it.
    '^nestjs-trial-metadata$': '<rootDir>/src/metadata/index.ts',
    '^nestjs-trial-metadata/([a-z]+)$': '<rootDir>/src/$1/index.ts',
  },
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/{src,web/src}/**/*.spec.ts'] },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  testTimeout: 60_000,
  // Jest would leave a core for itself, which has nothing to do, and use one alone of two; a test file waits for PostgreSQL
  // or for a browser half of its time.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
};
