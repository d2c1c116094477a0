import { bootMaster, type ApiClient, type TestMaster } from './support/index.js';
import { recordStatements } from './support/record-statements.js';

/** What works in the background sends statements of its own. */
const BACKGROUND =
  /trial_metadata_uncounted LIMIT 1|"trial_metadata_uncounted" LIMIT|LOCK TABLE|SET LOCAL jit|RECURSIVE/;

describe('what a report costs', () => {
  let master: TestMaster;
  let editor: ApiClient;
  let sent: string[];

  beforeAll(async () => {
    master = await bootMaster();
    await master.post('/projects', { name: 'p' });
    await master.post('/experiments', { name: 'e', projectId: 1 });
    for (let trial = 1; trial <= 3; trial += 1) await master.post('/experiments/1/trials', {});
    const { id } = (await master.post('/users', { name: 'editor' })).body.user;
    await master.put(`/projects/1/members/${id}`, { role: 'editor' });
    editor = master.as((await master.post(`/users/${id}/tokens`, {})).body.token.secret);
    await editor.get('/me'); // the token is known for a moment, and noted as used
    sent = recordStatements(master.dataSource);
  });

  afterAll(() => master.close());

  const statementsOf = async (
    send: () => Promise<{ readonly status: number }>,
  ): Promise<readonly string[]> => {
    sent.length = 0;
    expect((await send()).status).toBe(200);
    return sent.filter((text) => / trials\b|"?trial_metadata"? /.test(text) && !BACKGROUND.test(text));
  };

  it('one statement, for an administrator', async () => {
    for (const metadata of [{ a: 1 }, { a: 2 }, { a: 2 }]) {
      const statements = await statementsOf(() => master.post('/trials/1/metadata', { metadata }));
      expect(statements).toEqual([expect.stringContaining('INSERT INTO "trial_metadata"')]);
    }
    expect(await statementsOf(() => master.get('/trials/1/metadata'))).toHaveLength(1);
    expect((await master.post('/trials/999/metadata', { metadata: { a: 1 } })).status).toBe(404);
    expect((await master.post('/trials/999/metadata', { metadata: {} })).status).toBe(404);
  });

  it('and one look at the project of a trial, which holds for a while, for others', async () => {
    const report = (n: number) => statementsOf(() => editor.post('/trials/2/metadata', { metadata: { n } }));
    expect(await report(1)).toEqual([
      expect.stringContaining('JOIN experiments'),
      expect.stringContaining('INSERT INTO "trial_metadata"'),
    ]);
    expect(await report(2)).toEqual([expect.stringContaining('INSERT INTO "trial_metadata"')]);
    expect((await editor.post('/trials/999/metadata', { metadata: { a: 1 } })).status).toBe(404);
  });
});
