import { TooManySignInsError } from '../src/master/access/access.errors.js';
import { SignInService, type Password } from '../src/master/access/sign-in/sign-in.service.js';
import { clientHash } from '../src/master/access/sign-in/password.js';
import { bootMaster, type TestMaster } from './support/index.js';

const PASSWORD = 'correct horse battery staple';

describe('signing in', () => {
  let master: TestMaster;
  let addresses = 0;

  beforeAll(async () => {
    master = await bootMaster({ failedSignInsPerMinute: 5, trustProxy: 1 });
  });

  afterAll(() => master.close());

  /** An address that has not been used before, as a proxy tells it. */
  const newAddress = (): string => `10.0.0.${(addresses += 1)}`;
  const from = (address: string) => ({ 'x-forwarded-for': address });

  describe('with a token', () => {
    it('answers 429 with Retry-After when too many have failed, to that address alone', async () => {
      const address = newAddress();
      const bad = master.as('not-a-token');
      for (let count = 0; count < 5; count += 1) {
        expect((await bad.get('/me', from(address))).status).toBe(401);
      }
      const answer = await bad.get('/me', from(address));
      expect([answer.status, answer.body.code]).toEqual([429, 'too_many_sign_ins']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(12);
      expect((await bad.get('/me', from(newAddress()))).status).toBe(401);
    });

    it('looks at no further guess meanwhile, not even at the right one', async () => {
      const address = newAddress();
      for (let count = 0; count < 5; count += 1) await master.as('guess').get('/me', from(address));
      expect((await master.get('/me', from(address))).status).toBe(429);
    });

    it('lets a token in that was right from there before', async () => {
      const address = newAddress();
      expect((await master.get('/me', from(address))).status).toBe(200);
      for (let count = 0; count < 6; count += 1) await master.as('guess').get('/me', from(address));
      expect((await master.as('guess').get('/me', from(address))).status).toBe(429);
      expect((await master.get('/me', from(address))).status).toBe(200);
    });

    it('does not count requests without a token', async () => {
      const address = newAddress();
      for (let count = 0; count < 20; count += 1) {
        expect((await master.as(undefined).get('/me', from(address))).status).toBe(401);
      }
      expect((await master.get('/me', from(address))).status).toBe(200);
    });

    it('does not take a client’s own word for its address beyond the proxies in front', async () => {
      const address = newAddress();
      for (let count = 0; count < 6; count += 1) {
        await master.as('guess').get('/me', from(`192.0.2.${count}, ${address}`));
      }
      expect((await master.as('guess').get('/me', from(`192.0.2.77, ${address}`))).status).toBe(429);
    });
  });

  describe('with a password', () => {
    const signIn = (name: string, password: Password, address: string) =>
      master.app.get(SignInService).signIn(name, password, address);

    it('gives a token that counts, for the password or the hash that Determined’s clients send', async () => {
      await master.post('/users', { name: 'Grace', password: PASSWORD });
      for (const given of [{ password: PASSWORD }, { hash: clientHash(PASSWORD) }]) {
        const { user, token } = await signIn('grace', given, newAddress());
        expect(user).toMatchObject({ name: 'Grace', administrator: false });
        expect((await master.as(token).get('/me')).body.user.name).toBe('Grace');
      }
    });

    it('signs the administrator in with his token', async () => {
      const { token } = await signIn('admin', { hash: clientHash(master.token) }, newAddress());
      expect(token).toBe(master.token);
      await expect(signIn('admin', { password: 'wrong' }, newAddress())).rejects.toThrow('wrong');
    });

    it.each([
      ['a wrong password', 'Heidi', 'correct horse battery stable'],
      ['an unknown name', 'Nobody', PASSWORD],
      ['a user without a password', 'Ivan', PASSWORD],
      ['a user who is inactive', 'Judy', PASSWORD],
      ['a name that PostgreSQL cannot hold', 'a\u0000b', PASSWORD],
      ['the hash in the place of the password', 'Heidi', clientHash(PASSWORD)],
    ])('refuses %s with the same words', async (_, name, password) => {
      await master.post('/users', { name: 'Heidi', password: PASSWORD });
      await master.post('/users', { name: 'Ivan' });
      const judy = await master.post('/users', { name: 'Judy', password: PASSWORD });
      if (judy.status === 201) await master.patch(`/users/${judy.body.user.id}`, { active: false });
      await expect(signIn(name, { password }, newAddress())).rejects.toThrow(
        'The user name or the password is wrong. Check both.',
      );
    });

    it('limits the tries of an address, those that come all at once too', async () => {
      const address = newAddress();
      const tries = await Promise.allSettled(
        Array.from({ length: 12 }, () => signIn('Grace', { password: 'wrong' }, address)),
      );
      const limited = tries.filter(
        (one) => one.status === 'rejected' && one.reason instanceof TooManySignInsError,
      );
      expect(limited).toHaveLength(7);
      await expect(signIn('Grace', { password: PASSWORD }, address)).rejects.toThrow(TooManySignInsError);
    });

    it('does not count sign-ins that went well', async () => {
      const address = newAddress();
      for (let count = 0; count < 8; count += 1) await signIn('Grace', { password: PASSWORD }, address);
    });

    it('leaves no tokens of earlier sessions behind that count no more', async () => {
      const { id } = (await master.post('/users', { name: 'Trent', password: PASSWORD })).body.user;
      const lasting = (await master.post(`/users/${id}/tokens`, { name: 'lasting' })).body.token;
      await master.delete(`/users/${id}/tokens/${lasting.id}`);
      const signedOut = await signIn('Trent', { password: PASSWORD }, newAddress());
      await master.app.get(SignInService).signOut(signedOut.token);
      await signIn('Trent', { password: PASSWORD }, newAddress());
      await master.dataSource.query(
        `UPDATE user_tokens SET expires_at = now() - interval '1 second' WHERE user_id = $1 AND session`,
        [id],
      );
      const current = await signIn('Trent', { password: PASSWORD }, newAddress());
      const { items } = (await master.get(`/users/${id}/tokens`)).body;
      expect(items.map(({ name }: { name: string }) => name)).toEqual(['lasting', 'sign-in']);
      expect((await master.as(current.token).get('/me')).status).toBe(200);
    });

    it('ends the session at a sign-out and at a new password, and lets other tokens be', async () => {
      const { id } = (await master.post('/users', { name: 'Mallory', password: PASSWORD })).body.user;
      const lasting = (await master.post(`/users/${id}/tokens`, {})).body.token.secret;
      const first = await signIn('Mallory', { password: PASSWORD }, newAddress());
      const second = await signIn('Mallory', { password: PASSWORD }, newAddress());
      await master.app.get(SignInService).signOut(first.token);
      await master.app.get(SignInService).signOut(lasting);
      const statuses = async () =>
        await Promise.all(
          [first.token, second.token, lasting].map(
            async (token) => (await master.as(token).get('/me')).status,
          ),
        );
      expect(await statuses()).toEqual([401, 200, 200]);
      await master.patch(`/users/${id}`, { password: `${PASSWORD}!` });
      // With failures of its own, so that these do not count.
      expect(await statuses()).toEqual([401, 401, 200]);
      const kept = await master.dataSource.query('SELECT password_hash FROM users WHERE id = $1', [id]);
      expect(JSON.stringify(kept)).not.toContain(PASSWORD);
    });
  });
});

describe('security headers and other origins', () => {
  const ORIGIN = 'https://tracker.example';

  it('sends them with pages, answers and errors', async () => {
    const master = await bootMaster();
    for (const path of ['//', '//api', '/me', '/nothing', '//nothing', '//health/live']) {
      const { headers } = await master.get(path, { accept: 'text/html' });
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self'/);
      expect(headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe|unsafe-eval/);
      expect(headers.get('x-powered-by')).toBeNull();
    }
    await master.close();
  });

  it('lets no page of another origin in unless told to', async () => {
    const master = await bootMaster();
    const answer = await master.get('/me', { origin: ORIGIN });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const asked = await master.send('OPTIONS', '/me', undefined, {
      origin: ORIGIN,
      'access-control-request-method': 'GET',
    });
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    await master.close();
  });

  it('lets pages of the origins in that CORS_ORIGINS names', async () => {
    const master = await bootMaster({ corsOrigins: [ORIGIN] });
    const asked = await master.as(undefined).send('OPTIONS', '/trials/1/metadata', undefined, {
      origin: ORIGIN,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type,if-match',
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    const answer = await master.get('/me', { origin: ORIGIN });
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/ETag/);
    const other = await master.get('/me', { origin: 'https://other.example' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    await master.close();
  });
});
