import pg from 'pg';

const PREPARED = /^\s*(?:SELECT|WITH|VALUES|INSERT|UPDATE|DELETE|MERGE)\b/i;

/**
 * The faults that PostgreSQL finds in the statements without running them: queries are prepared, so that tables and columns
 * must be there; others, such as CREATE INDEX, are parsed.
 */
export async function checkSql(url: string, text: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const faults: string[] = [];
  try {
    for (const statement of statementsOf(text)) {
      const check = PREPARED.test(statement)
        ? `PREPARE checked AS ${statement}; DEALLOCATE checked`
        : `DO $checked$ BEGIN IF false THEN ${statement}; END IF; END $checked$`;
      await client.query(check).catch((error: unknown) => faults.push(`${String(error)} In: ${statement}`));
    }
  } finally {
    await client.end();
  }
  return faults;
}

function statementsOf(text: string): readonly string[] {
  return text
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}
