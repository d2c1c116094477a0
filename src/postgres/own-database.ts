import pg from 'pg';

const NAME = 'trials';

/**
 * Makes a role and its database on the embedded server where they are missing. The role owns its database and nothing
 * else.
 *
 * @returns the connection URL.
 */
export async function ensureOwnDatabase(adminUrl: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [NAME]);
    if (role.rowCount === 0) {
      await client.query(`CREATE ROLE ${NAME} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [NAME]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${NAME} OWNER ${NAME}`);
  } finally {
    await client.end();
  }
  const url = new URL(adminUrl);
  url.username = NAME;
  url.password = password;
  url.pathname = `/${NAME}`;
  return url.href;
}
