import type { QueryRunner } from 'typeorm';

/** An index that a migration makes. Every name is quoted already. */
export interface IndexToBuild {
  /** Without its schema: an index is in that of its table. */
  readonly name: string;
  readonly table: string;
  /** What stands behind ON and the table, e.g. `USING gin (metadata jsonb_path_ops)`. */
  readonly definition: string;
}

/**
 * Makes an index. On a table that holds rows it is built CONCURRENTLY, so that writers go on, which no transaction can
 * hold: that of the migration is committed before, with the migrations of the same run that came earlier, and another
 * begins behind it. What an interrupted building has left is dropped first; an index that is there stays.
 */
export async function buildIndex(
  runner: QueryRunner,
  { name, table, definition }: IndexToBuild,
): Promise<void> {
  const found = await findIndex(runner, name, table);
  if (found?.valid) return;
  if (found === undefined && !(await hasRows(runner, table))) {
    await runner.query(`CREATE INDEX ${name} ON ${table} ${definition}`);
    return;
  }
  await outsideTransaction(runner, async () => {
    if (found !== undefined) await runner.query(`DROP INDEX CONCURRENTLY ${found.name}`);
    await runner.query(`CREATE INDEX CONCURRENTLY ${name} ON ${table} ${definition}`);
  });
}

async function outsideTransaction(runner: QueryRunner, work: () => Promise<void>): Promise<void> {
  const isWithin = runner.isTransactionActive;
  if (isWithin) await runner.commitTransaction();
  try {
    await work();
  } finally {
    if (isWithin) await runner.startTransaction();
  }
}

interface FoundIndex {
  /** With its schema where the search path needs it. */
  readonly name: string;
  readonly valid: boolean;
}

async function findIndex(runner: QueryRunner, name: string, table: string): Promise<FoundIndex | undefined> {
  const rows: unknown = await runner.query(
    `SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE indrelid = $1::regclass AND quote_ident(relname) IN ($2, quote_ident($2))`,
    [table, name],
  );
  const [found] = rows as readonly FoundIndex[]; // its rows, whatever the types say
  return found;
}

async function hasRows(runner: QueryRunner, table: string): Promise<boolean> {
  const rows: unknown = await runner.query(`SELECT 1 FROM ${table} LIMIT 1`);
  return (rows as readonly unknown[]).length > 0; // its rows, whatever the types say
}
