import pg from 'pg';
import type { ExperimentRow, ProjectRow, RunRow } from './source-rows.js';

/** How many rows of each kind there are. */
export interface SourceCounts {
  readonly projects: number;
  readonly experiments: number;
  readonly runs: number;
}

/** Times as ISO 8601; a column without a time zone is in UTC. */
const time = (column: string): string =>
  `to_char(${column}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column.split('.').at(-1) ?? ''}`;

const COUNTS = `
SELECT (SELECT count(*) FROM projects) AS projects, (SELECT count(*) FROM experiments) AS experiments,
       (SELECT count(*) FROM runs) AS runs`;

const PROJECTS = `
SELECT p.id, p.name, p.description, coalesce(p.archived, false) OR coalesce(w.archived, false) AS archived,
       ${time('p.created_at')}, w.name AS workspace, named.namesakes
  FROM projects p JOIN workspaces w ON w.id = p.workspace_id
  JOIN (SELECT name, count(*) AS namesakes FROM projects GROUP BY name) AS named ON named.name = p.name
 WHERE p.id > $1 ORDER BY p.id LIMIT $2`;

const EXPERIMENTS = `
SELECT id, project_id, config->>'name' AS name, config->>'description' AS description, config->'labels' AS labels,
       state::text AS state, archived, ${time('start_time')}, ${time('end_time')}
  FROM experiments WHERE id > $1 ORDER BY id LIMIT $2`;

const RUNS = `
SELECT r.id, r.experiment_id, r.state::text AS state, r.archived, ${time('r.start_time')}, ${time('r.end_time')},
       m.metadata::text AS metadata
  FROM runs r LEFT JOIN runs_metadata m ON m.run_id = r.id
 WHERE r.id > $1 ORDER BY r.id LIMIT $2`;

/** The database broke off, or is not what it was taken for. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

/** A Determined database, read as of one moment; nothing is written to it. */
export class DeterminedDatabase {
  private constructor(private readonly client: pg.Client) {}

  /** @throws SourceError when it can't be reached; so do the methods when it breaks off */
  static async open(url: string): Promise<DeterminedDatabase> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    // Its failure is told by the statement that waits for it.
    client.on('error', () => undefined);
    const database = new DeterminedDatabase(client);
    await client.connect().catch(toSourceError);
    await database.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL timezone = 'UTC'");
    return database;
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  async count(): Promise<SourceCounts> {
    const [row] = await this.query<Record<keyof SourceCounts, string>>(COUNTS);
    return {
      projects: Number(row?.projects),
      experiments: Number(row?.experiments),
      runs: Number(row?.runs),
    };
  }

  /** In the order of their ids, some hundred at a time. */
  projects(size: number): AsyncGenerator<readonly ProjectRow[]> {
    return this.pages(PROJECTS, size);
  }

  experiments(size: number): AsyncGenerator<readonly ExperimentRow[]> {
    return this.pages(EXPERIMENTS, size);
  }

  runs(size: number): AsyncGenerator<readonly RunRow[]> {
    return this.pages(RUNS, size);
  }

  private async *pages<Row extends { readonly id: string }>(
    statement: string,
    size: number,
  ): AsyncGenerator<readonly Row[]> {
    let last = '0';
    for (;;) {
      const rows = await this.query<Row>(statement, [last, size]);
      const end = rows.at(-1);
      if (end === undefined) return;
      yield rows;
      last = end.id;
    }
  }

  private async query<Row extends pg.QueryResultRow>(
    statement: string,
    parameters: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const values = parameters.length === 0 ? undefined : [...parameters];
    const result = await this.client.query<Row>(statement, values).catch(toSourceError);
    return result.rows;
  }
}

function toSourceError(error: unknown): never {
  throw new SourceError(error instanceof Error ? error.message : String(error), { cause: error });
}
