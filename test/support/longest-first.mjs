import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/**
 * Test files that take longest, so that none of them is left for the end, when the other workers have nothing to do any
 * more. Jest knows it of itself from the second run on, but a fresh clone has only the first.
 */
const LONGEST = [
  'test/web/web-session.e2e-spec.ts',
  'test/search-walks.e2e-spec.ts',
  'test/master/start.e2e-spec.ts',
  'test/web/web-tables.e2e-spec.ts',
  'test/index-advisor.e2e-spec.ts',
  'test/web/web-views.e2e-spec.ts',
  'test/experiments/import.e2e-spec.ts',
  'test/laws/laws.e2e-spec.ts',
  'test/pgbouncer.e2e-spec.ts',
  'test/web/web-trial.e2e-spec.ts',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
}

function place({ path, context }) {
  const index = LONGEST.indexOf(relative(context.config.rootDir, path).replaceAll('\\', '/'));
  return index === -1 ? LONGEST.length : index;
}
