import type pg from 'pg';

/** Tables that hold one trial's rows, and the column that tells whose; the trials first, with which the others go. */
const DISTRIBUTED = [
  ['trials', 'id'],
  ['trial_metadata', 'trial_id'],
  ['trial_metadata_history', 'trial_id'],
  ['trial_metadata_uncounted', 'trial_id'],
  ['trial_metadata_changes', 'trial_id'],
] as const;
/** Tables that every node has whole, with all that are bound to them by foreign keys. */
const REFERENCE = ['projects', 'experiments'] as const;

/** A foreign key as the catalog has it; names are quoted. */
interface ForeignKey {
  readonly from: string;
  readonly to: string;
  readonly name: string;
  readonly definition: string;
}

const FOREIGN_KEYS = `
SELECT conrelid::regclass::text AS "from", confrelid::regclass::text AS "to", quote_ident(conname) AS name,
       pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 3`;

/**
 * The statements that distribute the master's tables with Citus, in their order: foreign keys come off, since they would
 * bind tables of different kinds on the way, then each table becomes what it shall be, and the foreign keys come back.
 */
export async function distributionPlan(client: pg.ClientBase): Promise<readonly string[]> {
  const { rows: keys } = await client.query<ForeignKey>(FOREIGN_KEYS);
  const distributed = DISTRIBUTED.map(([table]): string => table);
  const reference = boundTables(keys, distributed);
  const concerned = keys.filter(({ from, to }) =>
    [from, to].some((table) => isOf(table, distributed, reference)),
  );
  const [[trials]] = DISTRIBUTED;
  return [
    // Otherwise Citus refuses to bind a table to a reference table in the transaction that has spread it out.
    `SET LOCAL citus.multi_shard_modify_mode TO 'sequential'`,
    ...concerned.map(({ from, name }) => `ALTER TABLE ${from} DROP CONSTRAINT ${name}`),
    ...reference.map((table) => `SELECT create_reference_table('${table}')`),
    ...DISTRIBUTED.map(([table, column]) =>
      table === trials
        ? `SELECT create_distributed_table('${table}', '${column}')`
        : `SELECT create_distributed_table('${table}', '${column}', colocate_with => '${trials}')`,
    ),
    // Those that are referred to first: a foreign key needs no more than that both tables are what they shall be.
    ...concerned.map(
      ({ from, name, definition }) => `ALTER TABLE ${from} ADD CONSTRAINT ${name} ${definition}`,
    ),
  ];
}

/** The reference tables, and the tables that foreign keys bind to them in either direction, but for those of trials. */
function boundTables(keys: readonly ForeignKey[], distributed: readonly string[]): readonly string[] {
  const bound = new Set<string>(REFERENCE);
  for (let size = 0; size < bound.size;) {
    size = bound.size;
    for (const { from, to } of keys) {
      const pair = [from, to];
      const isBound =
        pair.some((table) => bound.has(table)) && !pair.some((table) => distributed.includes(table));
      if (isBound) for (const table of pair) bound.add(table);
    }
  }
  return [...bound];
}

function isOf(table: string, ...lists: readonly (readonly string[])[]): boolean {
  return lists.some((list) => list.includes(table));
}
