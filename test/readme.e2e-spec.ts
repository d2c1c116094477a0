import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bootMaster, type TestMaster } from './support/index.js';

interface Command {
  readonly line: string;
  /** What the README shows; `…` stands for anything. */
  readonly output: string;
}

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

/** Every `$ curl …` of the README with the line below it, in order. */
function commands(): readonly Command[] {
  const blocks = [...README.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks
    .join('')
    .split(/^\$ /m)
    .map((text) => text.split('\n'))
    .filter(([line = '']) => line.startsWith('curl '))
    .map(([line = '', output = '']) => ({ line, output }));
}

function patternOf(output: string): RegExp {
  const parts = output.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*?')}$`);
}

describe('the session of the README, on a master with its demo', () => {
  let master: TestMaster;

  beforeAll(async () => {
    master = await bootMaster({ demo: true });
  }, 60_000);

  afterAll(() => master.close());

  it('gives the output that it shows, command by command', async () => {
    const session = commands();
    expect(session.length).toBeGreaterThan(10);
    for (const { line, output } of session) {
      const { stdout } = await promisify(execFile)('bash', ['-c', line], {
        env: { ...process.env, URL: `${master.url}/api/v1`, TOKEN: master.token },
      });
      expect({ line, output: stdout }).toEqual({ line, output: expect.stringMatching(patternOf(output)) });
    }
  }, 60_000);
});
