import { clientHash, hashPassword, verifyPassword } from './password.js';

const SWORDFISH =
  'e3769c7f37fff16227561f5dcb6066a4a9d9731c8515d319c2cfc2479d302e488607ae9b3d9d884dbcce251374bad0e5de43e3d4c239204021016ff21eb85025';

describe('passwords', () => {
  it('hashes as the clients of Determined do', () => {
    // From determined.common.api.salt_and_hash('swordfish') of the package determined 0.38.1.
    expect(clientHash('swordfish')).toBe(SWORDFISH);
  });

  it('knows the password again, and no other', async () => {
    const kept = await hashPassword('swordfish');
    expect(kept).not.toContain('swordfish');
    expect(await verifyPassword(SWORDFISH, kept)).toBe(true);
    expect(await verifyPassword(clientHash('Swordfish'), kept)).toBe(false);
    expect(await verifyPassword('', kept)).toBe(false);
    expect(await verifyPassword('swordfish', kept)).toBe(false);
  });

  it('keeps the same password differently each time', async () => {
    expect(await hashPassword('swordfish')).not.toBe(await hashPassword('swordfish'));
  });

  it('refuses where nothing was kept, and what was kept is broken', async () => {
    expect(await verifyPassword(SWORDFISH, null)).toBe(false);
    expect(await verifyPassword(SWORDFISH, 'scrypt$x$y')).toBe(false);
  });
});
