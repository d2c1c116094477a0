import type pg from 'pg';

/** Bytes on disk of a table with all that belongs to it, and of each of its indexes. */
export interface TableSize {
  readonly side: 'A' | 'B' | 'C' | 'D';
  readonly name: string;
  readonly bytes: number;
  readonly indexes: readonly { readonly name: string; readonly bytes: number }[];
}

const TABLES: Readonly<Record<TableSize['side'], readonly string[]>> = {
  A: ['runs_metadata', 'runs_metadata_index'],
  B: ['trial_metadata', 'trial_metadata_fields', 'trial_metadata_summaries', 'trial_metadata_summary_values'],
  C: ['typed_trials'],
  D: ['mlflow_runs', 'mlflow_tags', 'mlflow_latest_metrics'],
};

/** What each side takes; trials and experiments are the same for all. */
export async function readSizes(client: pg.Client): Promise<readonly TableSize[]> {
  const sizes: TableSize[] = [];
  for (const [side, names] of Object.entries(TABLES)) {
    for (const name of names) {
      const { rows } = await client.query<{ bytes: string; indexes: TableSize['indexes'] | null }>(
        `SELECT pg_total_relation_size($1::regclass) AS bytes,
                (SELECT json_agg(json_build_object('name', indexrelid::regclass, 'bytes', pg_relation_size(indexrelid)))
                   FROM pg_index WHERE indrelid = $1::regclass) AS indexes`,
        [name],
      );
      sizes.push({
        side: side as TableSize['side'], // a key of TABLES
        name,
        bytes: Number(rows[0]?.bytes),
        indexes: rows[0]?.indexes ?? [],
      });
    }
  }
  return sizes;
}

export function totalOf(sizes: readonly TableSize[], side: TableSize['side']): number {
  return sizes.filter((size) => size.side === side).reduce((sum, { bytes }) => sum + bytes, 0);
}
