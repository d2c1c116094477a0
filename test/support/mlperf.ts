import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** The real MLPerf results, beside the project where they are at hand; the project does not copy them. */
const FILE = join(import.meta.dirname, '../../../shared/data/mlperf-training-v4.0.jsonl.gz');

/** `describe`, or a skip that says why, where the MLPerf file is not at hand. */
export const describeMlperf: (name: string, tests: () => void) => void = existsSync(FILE)
  ? describe
  : (name, tests) => {
      console.warn(`Skipped "${name}": ${FILE} is not there.`);
      describe.skip(name, tests);
    };

/** The file's lines, one trial each. */
export function mlperfLines(): Buffer {
  return gunzipSync(readFileSync(FILE));
}
