import pg from 'pg';

/** Makes an empty database whose text sorts bytewise and whose lower() knows Unicode, as far as the server can. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const choices = [
      "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'",
      "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'",
      "LC_COLLATE 'C' LC_CTYPE 'C'",
    ];
    for (const [index, locale] of choices.entries()) {
      try {
        await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' ${locale}`);
        return;
      } catch (error) {
        if (index === choices.length - 1) throw error;
      }
    }
  });
}

/** Copies a database that nobody is connected to. */
export async function copyDatabase(adminUrl: string, template: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
}

/** Drops a database, cutting who is connected. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

/** Drops every database whose name starts with `prefix`. */
export async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  const names = await withClient(adminUrl, async (client) => {
    const found = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    return found.rows.map((row) => row.datname);
  });
  for (const name of names) await dropDatabase(adminUrl, name);
}

/** @throws the driver's error when nobody answers there, or not for this user. */
export async function checkConnection(url: string): Promise<void> {
  await withClient(url, () => Promise.resolve());
}

/** The URL of another database of the same server. */
export function urlOf(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
