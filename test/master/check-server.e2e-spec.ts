import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { checkServer } from '../../src/master/database/check-server.js';
import { createTestDatabase, testServer } from '../support/index.js';

describe('checkServer', () => {
  it('takes the server of the tests', async () => {
    const database = await createTestDatabase({ empty: true });
    await expect(checkServer(database.url)).resolves.toBeUndefined();
    await database.dispose();
  });

  it('refuses a database that is not UTF-8, and says how to make one', async () => {
    const { adminUrl, prefix } = testServer();
    const name = `${prefix}${randomBytes(4).toString('hex')}`;
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      const provider =
        Number((await client.query('SHOW server_version_num')).rows[0].server_version_num) >= 150_000;
      const locale = `${provider ? 'LOCALE_PROVIDER libc' : ''} LC_COLLATE 'C' LC_CTYPE 'C'`;
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'SQL_ASCII' ${locale}`);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      await expect(checkServer(url.href)).rejects.toThrow(
        /encoded in SQL_ASCII; make one with ENCODING 'UTF8'/,
      );
    } finally {
      await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.end();
    }
  });

  it('says that a database does not exist, without the password', async () => {
    const url = new URL(testServer().adminUrl);
    url.pathname = '/nowhere_at_all';
    const refusal = await checkServer(url.href).catch((error: unknown) => String(error));
    expect(refusal).toContain('database "nowhere_at_all" does not exist');
    if (url.password !== '') expect(refusal).not.toContain(url.password);
  });
});
