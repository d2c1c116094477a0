import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { runImport } from '../../src/master/cli/run-import.js';
import type { TestMaster } from '../support/index.js';
import { bootMaster, makeDataDir } from '../support/index.js';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

function line(trial: number, metadata: object = { runtime_seconds: trial * 10 }): string {
  return JSON.stringify({ project: 'p', experiment: 'e', trial, state: 'COMPLETED', metadata });
}

const LINES = `${Array.from({ length: 1200 }, (_, index) => line(index + 1)).join('\n')}\n`;

describe('npm run import', () => {
  let master: TestMaster;
  let folder: string;

  beforeAll(async () => {
    master = await bootMaster();
    folder = await makeDataDir();
  });

  afterAll(() => master.close());

  async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Run> {
    const out: string[] = [];
    const errors: string[] = [];
    const code = await runImport({
      args,
      environment: { MASTER_URL: master.url, MASTER_TOKEN: master.token, DATA_DIR: folder, ...environment },
      out: { write: (text) => out.push(text) },
      errors: { write: (text) => errors.push(text) },
    });
    return { code, out: out.join(''), errors: errors.join('') };
  }

  async function file(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  it('imports a file, and changes nothing when it is run again', async () => {
    const path = await file('good.jsonl', LINES);
    expect(await run([path])).toEqual({
      code: 0,
      errors: '',
      out: expect.stringMatching(
        /^1200 trials imported in [\d.]+ s \(1200 created, 0 updated, 0 unchanged\), 0 lines refused\.\n$/,
      ),
    });
    expect((await run([path])).out).toContain('(0 created, 0 updated, 1200 unchanged)');
  });

  it('unpacks gzip whatever the file is called', async () => {
    const path = await file('packed', gzipSync(LINES));
    expect(await run([path])).toMatchObject({ code: 0, out: expect.stringContaining('1200 unchanged') });
  });

  it('names refused lines by number, takes the rest, and ends with 1', async () => {
    const path = await file(
      'bad.jsonl',
      `${line(2001)}\n{"project": "p"\n\n${line(2002, { a: 1 })}\n{"trial": 1}`,
    );
    const { code, out, errors } = await run([path]);
    expect(code).toBe(1);
    expect(out).toContain('2 trials imported');
    expect(out).toContain('2 lines refused');
    expect(errors.trim().split('\n')).toEqual([
      expect.stringMatching(/^line 2 was refused: ./),
      expect.stringMatching(/^line 5 was refused: .*project/),
    ]);
  });

  it('says in one line that gzip data are broken, and leaves what was before', async () => {
    const path = await file('broken.jsonl.gz', gzipSync(LINES).subarray(0, -20));
    expect(await run([path])).toEqual({
      code: 1,
      out: '',
      errors: expect.stringMatching(/^.*broken\.jsonl\.gz: its gzip data are broken \(.*\)\. [^\n]*\n$/),
    });
  });

  it.each([
    [
      'there is no such file',
      ['nowhere.jsonl'],
      {},
      /^nowhere\.jsonl cannot be read: there is no such file\.\n$/,
    ],
    ['it is a folder', ['.'], {}, /^\. cannot be read: it is a folder\.\n$/],
    [
      'the token is wrong',
      ['package.json'],
      { MASTER_TOKEN: 'wrong' },
      /does not know the token\. Set MASTER_TOKEN/,
    ],
    [
      'there is no kept token',
      ['package.json'],
      { MASTER_TOKEN: '' },
      /^There is no token in .*admin-token\./,
    ],
    [
      'nobody listens',
      ['package.json'],
      { MASTER_URL: 'http://127.0.0.1:1' },
      /^There is no master at .*ECONNREFUSED/,
    ],
    ['the address is none', ['package.json'], { MASTER_URL: 'localhost' }, /^MASTER_URL is "localhost"/],
    ['no file is named', [], {}, /^Name one file to import\./],
  ])('says that %s', async (_, args, environment, message) => {
    const { code, out, errors } = await run(args, environment);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toMatch(message);
  });

  it('finds the token that a master on this machine keeps', async () => {
    await mkdir(join(folder, 'kept'));
    await writeFile(join(folder, 'kept', 'admin-token'), `${master.token}\n`);
    const path = await file('kept.jsonl', line(3001));
    const environment = { MASTER_TOKEN: '', DATA_DIR: join(folder, 'kept') };
    expect(await run([path], environment)).toMatchObject({ code: 0 });
  });
});
