import { runIndexes } from '../src/master/cli/run-indexes.js';
import { bootMaster, makeDataDir, type TestMaster } from './support/index.js';

interface Run {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

describe('npm run indexes', () => {
  let master: TestMaster;
  let folder: string;

  beforeAll(async () => {
    master = await bootMaster({
      demo: true,
      indexAdvisor: 'propose',
      indexBudget: { slowMs: 0, searches: 2 },
    });
    folder = await makeDataDir();
  });

  afterAll(() => master.close());

  async function run(
    args: readonly string[],
    environment: Record<string, string> = {},
    errors?: string[],
  ): Promise<Run> {
    const out: string[] = [];
    const bad = errors ?? [];
    const code = await runIndexes({
      args,
      environment: { MASTER_URL: master.url, MASTER_TOKEN: master.token, DATA_DIR: folder, ...environment },
      out: { write: (text) => out.push(text) },
      errors: { isTTY: errors !== undefined, columns: 80, write: (text) => bad.push(text) },
    });
    return { code, out: out.join(''), errors: bad.join('') };
  }

  it('lists none, builds, lists, drops, and drops nothing', async () => {
    expect(await run(['list'])).toEqual({
      code: 0,
      out: 'There are no indexes of fields.\nThe advisor is proposing.\n',
      errors: '',
    });
    expect(await run(['build', 'hardware."gpu"'])).toEqual({
      code: 0,
      out: expect.stringMatching(/^The index of metadata\.hardware\.gpu is ready: [\d.]+ KiB\.\n$/),
      errors: '',
    });
    expect(await run(['build', 'metadata.hardware.gpu'])).toMatchObject({ code: 0, errors: '' });
    const { out } = await run(['list']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^field +kind +state +size +uses +made by$/),
      expect.stringMatching(/^metadata\.hardware\.gpu +values +ready +[\d.]+ KiB +\d+ +administrator$/),
      'The advisor is proposing.',
      '',
    ]);
    expect(await run(['drop', '"hardware".gpu'])).toEqual({
      code: 0,
      out: 'The index of metadata.hardware.gpu is dropped.\n',
      errors: '',
    });
    expect((await run(['drop', 'hardware.gpu'])).out).toBe('There was no index of metadata.hardware.gpu.\n');
    expect((await master.client.call('listFieldIndexes', {})).indexes).toEqual([]);
  });

  it('builds and drops the index of texts beside that of values', async () => {
    for (const kind of [[], ['--kind', 'texts'], ['--kind=values']]) {
      expect(await run(['build', 'framework', ...kind])).toMatchObject({ code: 0, errors: '' });
    }
    expect((await run(['build', 'framework', '--kind', 'texts'])).out).toMatch(
      /^The index of the texts of metadata\.framework is ready: [\d.]+ KiB\.\n$/,
    );
    const { out } = await run(['list']);
    expect(out).toMatch(/^metadata\.framework +values +ready .*\nmetadata\.framework +texts +ready /m);
    const dropped = await run(['drop', 'framework', '--kind', 'texts']);
    expect(dropped.out).toBe('The index of the texts of metadata.framework is dropped.\n');
    expect((await run(['drop', 'framework', '--kind', 'texts'])).out).toBe(
      'There was no index of the texts of metadata.framework.\n',
    );
    expect((await run(['drop', 'framework'])).out).toBe('The index of metadata.framework is dropped.\n');
  });

  it('lists what the advisor proposes', async () => {
    const sort = [{ field: 'metadata.runtime_seconds', direction: 'desc' } as const];
    for (let time = 0; time < 2; time += 1) await master.client.searchTrials({ sort });
    expect((await run(['list'])).out).toMatch(
      /\nThe advisor is proposing\.\n\nThese would pay \(npm run indexes -- build FIELD --kind KIND\):\nfield +kind +searches +slow +median +p95\nmetadata\.runtime_seconds +values +2 +2 +[\d.]+ ms +[\d.]+ ms\n$/,
    );
  });

  it('draws how far a building is on a terminal, and takes the bar away', async () => {
    const { code, errors } = await run(['build', 'runtime_seconds'], {}, []);
    expect(code).toBe(0);
    expect(errors).toMatch(/\[[#-]{24}\] +\d+% {2}index of metadata\.runtime_seconds/);
    expect(errors).toMatch(/\r {10,}\r$/);
  });

  it('takes the master and the token as options before those of the environment', async () => {
    const wrong = { MASTER_URL: 'http://127.0.0.1:1', MASTER_TOKEN: 'wrong' };
    const options = ['--url', master.url, `--token=${master.token}`];
    expect(await run([...options, 'list'], wrong)).toMatchObject({ code: 0 });
    expect(await run(['list', ...options], wrong)).toMatchObject({ code: 0 });
  });

  it.each([['--help'], ['-h'], ['build', '--help']])('prints how it is used for %s', async (...args) => {
    expect(await run(args)).toEqual({
      code: 0,
      out: expect.stringMatching(/^Usage: npm run indexes -- list\n/),
      errors: '',
    });
  });

  it.each([
    ['nothing is asked for', [], {}, /^Say what to do\.\n\nUsage/],
    [
      'the command is not known',
      ['rebuild', 'x'],
      {},
      /^"rebuild" is no command; give list, build or drop\.\n/,
    ],
    ['no field is named', ['build'], {}, /^Name one field to build\.\n/],
    ['two fields are named', ['drop', 'a', 'b'], {}, /^Name one field to drop\.\n/],
    ['a field is named for list', ['list', 'a'], {}, /^list takes no field\.\n/],
    ['a kind is named for list', ['list', '--kind', 'texts'], {}, /^list takes no kind\.\n/],
    ['the kind is none', ['build', 'a', '--kind=text'], {}, /^"text" is no kind; give values or texts\.\n/],
    ['an option is not known', ['list', '--all'], {}, /^"--all" is not known\.\n/],
    ['an option has no value', ['list', '--url'], {}, /^Give --url a value\.\n/],
    ['the path is none', ['build', 'a..b'], {}, /^The master refused: .*a\.\.b/],
    ['the path to drop is none', ['drop', 'a..b'], {}, /^The master refused: .*a\.\.b/],
    ['the token is wrong', ['list', '--token', 'wrong'], {}, /does not know the token\. Set MASTER_TOKEN/],
    [
      'nobody listens',
      ['list'],
      { MASTER_URL: 'http://127.0.0.1:1' },
      /^There is no master at .*ECONNREFUSED/,
    ],
    ['there is no kept token', ['list'], { MASTER_TOKEN: '' }, /^There is no token in .*admin-token\./],
  ])('says that %s', async (_, args, environment, message) => {
    const { code, out, errors } = await run(args, environment);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(errors).toMatch(message);
  });

  it('says that the token is not that of an administrator', async () => {
    const { body } = await master.post('/users', { name: 'viewer' });
    const { secret } = (await master.post(`/users/${body.user.id}/tokens`, { name: 'cli' })).body.token;
    expect(await run(['list', '--token', secret])).toEqual({
      code: 1,
      out: '',
      errors: 'The master refused: You may not manage the indexes of fields. Ask an administrator.\n',
    });
  });
});
