import { builtInAdministrator } from '../master-user.js';
import { TokenCache } from './token-cache.js';
import { hashToken } from './token-text.js';

describe('TokenCache', () => {
  const hash = hashToken('token');
  const user = builtInAdministrator('ada');
  let now = 0;

  it('knows a user for a second from when the look-up began', async () => {
    const cache = new TokenCache(() => now);
    now = 0;
    await cache.fill(hash, async () => {
      now = 400;
      return Promise.resolve(user);
    });
    now = 999;
    expect(cache.get(hash)).toBe(user);
    now = 1_000;
    expect(cache.get(hash)).toBeUndefined();
  });

  it('forgets all at once', async () => {
    const cache = new TokenCache(() => 0);
    await cache.fill(hash, () => Promise.resolve(user));
    cache.clear();
    expect(cache.get(hash)).toBeUndefined();
  });

  it('does not remember what was looked up before it was emptied', async () => {
    const cache = new TokenCache(() => 0);
    const found = await cache.fill(hash, () => {
      cache.clear();
      return Promise.resolve(user);
    });
    expect(found).toBe(user);
    expect(cache.get(hash)).toBeUndefined();
  });

  it('does not remember that there is no such token', async () => {
    const cache = new TokenCache(() => 0);
    await cache.fill(hash, () => Promise.resolve(undefined));
    expect(cache.get(hash)).toBeUndefined();
  });
});
