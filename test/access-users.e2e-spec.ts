import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './support/index.js';
import { bootMaster, type TestMaster } from './support/index.js';

describe('users, tokens and roles', () => {
  let master: TestMaster;
  let names = 0;

  beforeAll(async () => {
    master = await bootMaster({ failedSignInsPerMinute: 1_000 });
  });

  afterAll(() => master.close());

  async function makeUser(body: object = {}): Promise<number> {
    names += 1;
    const answer = await master.post('/users', { name: `user-${names}`, ...body });
    expect(answer.status).toBe(201);
    return answer.body.user.id;
  }

  async function makeToken(userId: number, body: object = {}): Promise<{ id: number; secret: string }> {
    const answer = await master.post(`/users/${userId}/tokens`, body);
    expect(answer.status).toBe(201);
    return answer.body.token;
  }

  async function makeClient(): Promise<{ id: number; client: ApiClient }> {
    const id = await makeUser();
    return { id, client: master.as((await makeToken(id)).secret) };
  }

  async function makeProject(): Promise<number> {
    names += 1;
    return (await master.post('/projects', { name: `project-${names}` })).body.project.id;
  }

  describe('users', () => {
    it('creates, reads, changes, lists and deletes a user', async () => {
      const created = await master.post('/users', { name: 'Ada Lovelace' });
      expect([created.status, created.headers.get('location')]).toEqual([
        201,
        `/api/v1/users/${created.body.user.id}`,
      ]);
      expect(created.body).toEqual({
        user: {
          id: expect.any(Number),
          name: 'Ada Lovelace',
          administrator: false,
          active: true,
          hasPassword: false,
          createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
        },
      });
      const { id } = created.body.user;
      const changed = await master.patch(`/users/${id}`, { name: 'Ada', active: false });
      expect(changed.body.user).toMatchObject({ id, name: 'Ada', active: false });
      expect((await master.get(`/users/${id}`)).body).toEqual(changed.body);
      expect((await master.get('/users?limit=200')).body.items).toContainEqual(changed.body.user);
      expect((await master.delete(`/users/${id}`)).status).toBe(204);
      for (const answer of [
        await master.get(`/users/${id}`),
        await master.patch(`/users/${id}`, {}),
        await master.delete(`/users/${id}`),
        await master.post(`/users/${id}/tokens`, {}),
        await master.get(`/users/${id}/tokens`),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([404, 'user_not_found']);
      }
    });

    it('lists page by page, each user once', async () => {
      for (let count = 0; count < 5; count += 1) await makeUser();
      const all = (await master.get('/users?limit=200')).body.items;
      const pages: unknown[] = [];
      let after: string | null = '';
      while (after !== null) {
        const page: { items: unknown[]; next: string | null } = (
          await master.get(`/users?limit=2${after === '' ? '' : `&after=${after}`}`)
        ).body;
        pages.push(...page.items);
        after = page.next;
      }
      expect(pages).toEqual(all);
      expect((await master.get('/users?after=nonsense')).body.errors).toMatchObject([
        { code: 'invalid_cursor' },
      ]);
    });

    it.each(['', ' ada', 'ada ', 'a\u0000b', 'a\nb', 'a'.repeat(101), 7, null, ['ada']])(
      'refuses the name %j',
      async (name) => {
        expect((await master.post('/users', { name })).status).toBe(400);
      },
    );

    it.each(['ada', '李', 'Zoë', 'first.last@lab-1_b+x', '7'])('takes the name %j', async (name) => {
      expect((await master.post('/users', { name })).status).toBe(201);
    });

    it('refuses a name that is taken, in upper or lower case, or is the master’s own', async () => {
      await master.post('/users', { name: 'Grace' });
      for (const name of ['Grace', 'grace', 'GRACE', 'admin', 'Admin', 'demo']) {
        const answer = await master.post('/users', { name });
        expect([name, answer.status, answer.body.code]).toEqual([name, 409, 'user_name_taken']);
      }
      const other = await makeUser();
      expect((await master.patch(`/users/${other}`, { name: 'grace' })).status).toBe(409);
      expect((await master.patch(`/users/${other}`, { name: 'ADMIN' })).status).toBe(409);
    });

    it('lists every fault of a body', async () => {
      const answer = await master.post('/users', { administrator: 'yes', password: 'short', color: 'red' });
      expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
        'color',
        'name',
        'administrator',
        'password',
      ]);
    });

    it('lets a user see himself, and nobody and nothing else', async () => {
      const { id, client } = await makeClient();
      const other = await makeUser();
      expect((await client.get(`/users/${id}`)).body.user.id).toBe(id);
      expect((await client.get('/me')).body.user).toMatchObject({ id, administrator: false, projects: [] });
      for (const answer of [
        await client.get('/users'),
        await client.get(`/users/${other}`),
        await client.get('/users/999999'),
        await client.get('/users/x'),
        await client.patch(`/users/${id}`, { administrator: true }),
        await client.delete(`/users/${id}`),
        await client.post('/users', { name: 'mine' }),
        await client.post(`/users/${id}/tokens`, {}),
        await client.get(`/users/${other}/tokens`),
        await client.get('/projects/1/members'),
        await client.put(`/projects/1/members/${id}`, { role: 'editor' }),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([403, 'administrator_needed']);
      }
    });

    it('gives an administrator of the table the same rights as the administrator of ADMIN_TOKEN', async () => {
      const id = await makeUser({ administrator: true });
      const client = master.as((await makeToken(id)).secret);
      expect((await client.post('/users', { name: 'by another administrator' })).status).toBe(201);
      expect((await client.post('/projects', { name: 'by another administrator' })).status).toBe(201);
      await master.patch(`/users/${id}`, { administrator: false });
      expect((await client.get('/users')).status).toBe(403);
    });
  });

  describe('tokens', () => {
    it('shows a token once and keeps its hash alone', async () => {
      const id = await makeUser();
      const made = (await master.post(`/users/${id}/tokens`, { name: 'laptop' })).body.token;
      expect(made).toMatchObject({ name: 'laptop', session: false, expiresAt: null, revokedAt: null });
      expect(made.secret).toMatch(/^tm_[\w-]{43}$/);
      expect(made.secret.startsWith(made.prefix)).toBe(true);
      const listed = await master.get(`/users/${id}/tokens`);
      const { secret, ...shown } = made;
      expect(listed.body).toEqual({ items: [shown], next: null });
      const rows = await master.dataSource.query('SELECT user_tokens::text AS row FROM user_tokens');
      expect(JSON.stringify(rows)).not.toContain(secret.slice(10));
    });

    it('lists the tokens page by page', async () => {
      const id = await makeUser();
      for (let count = 0; count < 3; count += 1) await makeToken(id);
      const all = (await master.get(`/users/${id}/tokens`)).body.items;
      const first = (await master.get(`/users/${id}/tokens?limit=2`)).body;
      expect(first).toEqual({ items: all.slice(0, 2), next: expect.any(String) });
      const second = await master.get(`/users/${id}/tokens?limit=2&after=${encodeURIComponent(first.next)}`);
      expect(second.body).toEqual({ items: all.slice(2), next: null });
      expect((await master.get(`/users/${id}/tokens?limit=0`)).body.errors).toMatchObject([
        { path: 'limit', code: 'value_not_accepted', limit: 200, actual: 0 },
      ]);
    });

    it('lets a token in until it is revoked, and from then on no more', async () => {
      const id = await makeUser();
      const token = await makeToken(id);
      const client = master.as(token.secret);
      expect((await client.get('/me')).status).toBe(200);
      expect((await master.delete(`/users/${id}/tokens/${token.id}`)).status).toBe(204);
      const answer = await client.get('/me');
      expect([answer.status, answer.body.code]).toEqual([401, 'credentials_refused']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
      expect((await master.get(`/users/${id}/tokens`)).body.items).toMatchObject([
        { id: token.id, revokedAt: expect.any(String) },
      ]);
      expect((await master.delete(`/users/${id}/tokens/${token.id}`)).body.code).toBe('token_not_found');
    });

    it('heeds within a second what another process has revoked', async () => {
      const id = await makeUser();
      const client = master.as((await makeToken(id)).secret);
      expect((await client.get('/me')).status).toBe(200);
      await master.dataSource.query('UPDATE user_tokens SET revoked_at = now() WHERE user_id = $1', [id]);
      await sleep(1_000);
      expect((await client.get('/me')).status).toBe(401);
    });

    it('never lets a revoked token in, however requests and revocation meet', async () => {
      const id = await makeUser();
      for (let round = 0; round < 20; round += 1) {
        const token = await makeToken(id);
        const client = master.as(token.secret);
        const before = Array.from({ length: 5 }, () => client.get('/me'));
        const revoked = await master.delete(`/users/${id}/tokens/${token.id}`);
        expect(revoked.status).toBe(204);
        expect((await client.get('/me')).status).toBe(401);
        await Promise.all(before);
        expect((await client.get('/me')).status).toBe(401);
      }
    });

    it('refuses a token that has expired', async () => {
      const id = await makeUser();
      const { secret } = await makeToken(id, { expiresAt: new Date(Date.now() + 60_000).toISOString() });
      expect((await master.as(secret).get('/me')).status).toBe(200);
      await master.dataSource.query('UPDATE user_tokens SET expires_at = now() WHERE user_id = $1', [id]);
      // What is known of a token may be a second old.
      await sleep(1_000);
      expect((await master.as(secret).get('/me')).status).toBe(401);
      const past = await master.post(`/users/${id}/tokens`, { expiresAt: '2020-01-01T00:00:00Z' });
      expect([past.status, past.body.errors[0].path]).toEqual([400, 'expiresAt']);
    });

    it('refuses every token of a user who is inactive or gone', async () => {
      const { id, client } = await makeClient();
      expect((await client.get('/me')).status).toBe(200);
      await master.patch(`/users/${id}`, { active: false });
      expect((await client.get('/me')).status).toBe(401);
      await master.patch(`/users/${id}`, { active: true });
      expect((await client.get('/me')).status).toBe(200);
      await master.delete(`/users/${id}`);
      expect((await client.get('/me')).status).toBe(401);
    });

    it('rotates: the new token counts from the answer on, the old one no more', async () => {
      const id = await makeUser();
      const old = await makeToken(id, { name: 'cluster' });
      const client = master.as(old.secret);
      const rotated = await client.post(`/users/${id}/tokens/${old.id}/rotate`, {});
      expect([rotated.status, rotated.body.token.name]).toEqual([201, 'cluster']);
      expect((await client.get('/me')).status).toBe(401);
      const renewed = master.as(rotated.body.token.secret);
      expect((await renewed.get('/me')).status).toBe(200);
      const again = await renewed.post(`/users/${id}/tokens/${old.id}/rotate`, {});
      expect([again.status, again.body.code]).toEqual([404, 'token_not_found']);
    });

    it('lets one of two rotations at once win', async () => {
      const id = await makeUser();
      const old = await makeToken(id);
      const rotate = () => master.post(`/users/${id}/tokens/${old.id}/rotate`, {});
      const statuses = (await Promise.all([rotate(), rotate(), rotate()])).map(({ status }) => status);
      expect(statuses.sort()).toEqual([201, 404, 404]);
    });

    it('lets a user see, rotate and revoke his own tokens, not those of another', async () => {
      const mine = await makeClient();
      const other = await makeUser();
      const token = await makeToken(other);
      const own = (await mine.client.get(`/users/${mine.id}/tokens`)).body.items[0];
      expect((await mine.client.delete(`/users/${mine.id}/tokens/${token.id}`)).status).toBe(404);
      expect((await mine.client.post(`/users/${mine.id}/tokens/${token.id}/rotate`, {})).status).toBe(404);
      expect((await mine.client.delete(`/users/${other}/tokens/${token.id}`)).status).toBe(403);
      expect((await master.as(token.secret).get('/me')).status).toBe(200);
      expect((await mine.client.delete(`/users/${mine.id}/tokens/${own.id}`)).status).toBe(204);
      expect((await mine.client.get('/me')).status).toBe(401);
    });

    it('notes when a token was used', async () => {
      const { id, client } = await makeClient();
      const lastUsedAt = async () => (await master.get(`/users/${id}/tokens`)).body.items[0].lastUsedAt;
      expect(await lastUsedAt()).toBeNull();
      const before = Date.now();
      await client.get('/me');
      expect(Date.parse(await lastUsedAt())).toBeGreaterThanOrEqual(before);
    });
  });

  describe('roles', () => {
    it('gives, changes, lists and takes a role, and heeds it at once', async () => {
      const project = await makeProject();
      const { id, client } = await makeClient();
      const status = async () => [
        (await client.get(`/projects/${project}`)).status,
        (await client.patch(`/projects/${project}`, { description: 'new' })).status,
      ];
      expect(await status()).toEqual([404, 404]);
      const put = await master.put(`/projects/${project}/members/${id}`, { role: 'viewer' });
      const member = { projectId: project, userId: id, userName: `user-${names}`, role: 'viewer' };
      expect([put.status, put.body]).toEqual([200, { member }]);
      expect(await status()).toEqual([200, 403]);
      await master.put(`/projects/${project}/members/${id}`, { role: 'editor' });
      expect(await status()).toEqual([200, 200]);
      expect((await client.get('/me')).body.user.projects).toEqual([{ projectId: project, role: 'editor' }]);
      expect((await master.get(`/projects/${project}/members`)).body).toEqual({
        items: [{ ...member, role: 'editor' }],
        next: null,
      });
      expect((await master.delete(`/projects/${project}/members/${id}`)).status).toBe(204);
      expect(await status()).toEqual([404, 404]);
      expect((await master.delete(`/projects/${project}/members/${id}`)).body.code).toBe('member_not_found');
    });

    it('lists the members page by page', async () => {
      const project = await makeProject();
      for (let count = 0; count < 3; count += 1) {
        await master.put(`/projects/${project}/members/${await makeUser()}`, { role: 'viewer' });
      }
      const first = (await master.get(`/projects/${project}/members?limit=2`)).body;
      expect(first.items).toHaveLength(2);
      const path = `/projects/${project}/members?limit=2&after=${first.next}`;
      expect((await master.get(path)).body).toMatchObject({ items: [{}], next: null });
    });

    it('refuses roles and members that are none', async () => {
      const project = await makeProject();
      const user = await makeUser();
      for (const body of [{ role: 'owner' }, { role: null }, {}, [], { role: 'viewer', more: 1 }]) {
        expect((await master.put(`/projects/${project}/members/${user}`, body)).status).toBe(400);
      }
      const none = await master.put(`/projects/${project}/members/999999`, { role: 'viewer' });
      expect([none.status, none.body.code]).toEqual([404, 'user_not_found']);
      const nowhere = await master.put(`/projects/999999/members/${user}`, { role: 'viewer' });
      expect([nowhere.status, nowhere.body.code]).toEqual([404, 'project_not_found']);
      expect((await master.get('/projects/999999/members')).status).toBe(404);
      expect((await master.get('/projects/0/members')).status).toBe(400);
    });

    it('takes the roles of a project or user that is deleted', async () => {
      const project = await makeProject();
      const { id, client } = await makeClient();
      await master.put(`/projects/${project}/members/${id}`, { role: 'editor' });
      await master.delete(`/projects/${project}`);
      expect((await client.get('/me')).body.user.projects).toEqual([]);
    });

    it('lets administrators alone create and name projects', async () => {
      const project = await makeProject();
      const { id, client } = await makeClient();
      await master.put(`/projects/${project}/members/${id}`, { role: 'editor' });
      const created = await client.post('/projects', { name: 'mine' });
      expect([created.status, created.body.code]).toEqual([403, 'project_creation_forbidden']);
      const { name } = (await client.get(`/projects/${project}`)).body.project;
      const renamed = await client.patch(`/projects/${project}`, { name: 'mine' });
      expect([renamed.status, renamed.body.code]).toEqual([403, 'project_naming_forbidden']);
      expect((await client.patch(`/projects/${project}`, { name, description: 'same name' })).status).toBe(
        200,
      );
    });
  });
});
