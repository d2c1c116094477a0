import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootMaster, type TestMaster } from '../support/index.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/python/', import.meta.url));
const PYTHON = findPython();

/** A Python that can run the examples; undefined where there is none. */
function findPython(): string | undefined {
  const check = 'import sys; assert sys.version_info >= (3, 9)';
  return ['python3', 'python'].find((name) => spawnSync(name, ['-c', check]).status === 0);
}

const withPython = PYTHON === undefined ? it.skip : it;

describe('the Python client', () => {
  let master: TestMaster;

  beforeAll(async () => {
    master = await bootMaster();
  });

  afterAll(() => master.close());

  withPython(
    `passes its own tests against a running master${PYTHON === undefined ? ' (skipped: no Python 3.9 or newer here)' : ''}`,
    async () => {
      const child = spawn(PYTHON ?? '', ['-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'], {
        cwd: EXAMPLES,
        env: {
          PATH: process.env['PATH'],
          MASTER_URL: master.url,
          MASTER_TOKEN: master.token,
          PYTHONDONTWRITEBYTECODE: '1',
        },
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString('utf8');
        });
      }
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^Ran \d{2,} tests/m) });
    },
    180_000,
  );
});
