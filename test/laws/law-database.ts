import pg from 'pg';
import { jsonText, writeJson, type JsonValue, type Path } from '../../src/metadata/document/index.js';
import {
  afterPageEnd,
  compileSort,
  EVERYTHING,
  identifier,
  joinSql,
  lookUp,
  matchingTrials,
  orderBy,
  pageValue,
  sql,
  trustedSql,
  DOCUMENT,
  type Filter,
  type PageEnd,
  type Sort,
  type Sql,
  type TrialSource,
} from '../../src/metadata/query/index.js';
import type { ReferenceTrial } from '../support/reference/index.js';
import { LAW_COLUMNS, LAW_SCOPE } from './law-columns.js';

const TRIAL_ID = identifier('trial', 'id');
const TABLES = { metadata: identifier('trial_metadata') };

/** A host of its own for the laws: not the reference master's tables, to show that the engine needs nothing of them. */
export const LAW_SOURCE: TrialSource = {
  from: trustedSql('law_trials AS trial'),
  trialId: TRIAL_ID,
  joins: [],
  columns: LAW_COLUMNS,
  scope: LAW_SCOPE,
};

/** One page, and where it ended; no end when there is no further page to ask for. */
export interface Page {
  readonly ids: readonly number[];
  readonly end: PageEnd | undefined;
}

/** The laws' database: a pool of trials, and the engine's SQL run on it. */
export class LawDatabase {
  private constructor(readonly client: pg.Client) {}

  static async open(url: string): Promise<LawDatabase> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    // Settings of the session that must not matter; and no time for compiling, which short queries are not worth.
    await client.query("SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'SQL, DMY'; SET jit = off");
    await client.query(`
      CREATE TABLE law_trials (
        id bigint PRIMARY KEY, step integer, score double precision, loss numeric, state text, archived boolean,
        "startTime" timestamptz, labels jsonb
      );
      CREATE TABLE trial_metadata (trial_id bigint PRIMARY KEY, metadata jsonb NOT NULL);
      CREATE INDEX ON trial_metadata USING gin (metadata jsonb_path_ops);
    `);
    return new LawDatabase(client);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Makes these the only trials. With `byIndex` the planner is told to go through the index on the document. */
  async fill(trials: readonly ReferenceTrial[], byIndex = false): Promise<void> {
    await this.client.query('TRUNCATE law_trials, trial_metadata');
    await this.client.query(`SET enable_seqscan = ${byIndex ? 'off' : 'on'}`);
    await this.insert(trials);
    await this.client.query('ANALYZE law_trials, trial_metadata');
  }

  async insert(trials: readonly ReferenceTrial[]): Promise<void> {
    const text = (name: string): (string | null)[] =>
      trials.map((trial) => columnText(trial.columns.get(`trial.${name}`)));
    await this.client.query(
      `INSERT INTO law_trials SELECT * FROM unnest($1::bigint[], $2::integer[], $3::double precision[], $4::numeric[],
         $5::text[], $6::boolean[], $7::timestamptz[], $8::jsonb[])`,
      [
        trials.map(({ id }) => id),
        text('step'),
        text('score'),
        text('loss'),
        text('state'),
        text('archived'),
        text('startTime'),
        trials.map((trial) => jsonOrNull(trial.columns.get('trial.labels'))),
      ],
    );
    const reported = trials.filter(({ metadata }) => metadata !== undefined);
    await this.client.query('INSERT INTO trial_metadata SELECT * FROM unnest($1::bigint[], $2::jsonb[])', [
      reported.map(({ id }) => id),
      reported.map(({ metadata }) => jsonOrNull(metadata)),
    ]);
  }

  /** Ids of the trials that meet the filter, ascending. */
  async matching(filter: Filter): Promise<readonly number[]> {
    const { from, where } = matchingTrials({ source: LAW_SOURCE, tables: TABLES, filter });
    const rows = await this.run(sql`SELECT ${TRIAL_ID} AS id FROM ${from} WHERE ${where}`);
    return rows.map((row) => Number(row['id'])).sort((a, b) => a - b);
  }

  /**
   * Ids of the trials that the indexes would look at for the filter; undefined when none of them serves it.
   * @param fieldTexts the fields whose texts have an index
   */
  async lookedUp(
    filter: Filter,
    fieldTexts: ReadonlyMap<string, Path>,
  ): Promise<ReadonlySet<number> | undefined> {
    const fields = new Map([['a', ['a']]]);
    const found = lookUp(filter, DOCUMENT, { fields, texts: true, fieldTexts });
    if (found === undefined) return undefined;
    const rows = await this.run(sql`SELECT trial_id AS id FROM trial_metadata WHERE ${found}`);
    return new Set(rows.map((row) => Number(row['id'])));
  }

  /** All ids in the order of the sort. */
  async sorted(sort: Sort): Promise<readonly number[]> {
    const { from } = matchingTrials({ source: LAW_SOURCE, tables: TABLES, filter: EVERYTHING });
    const order = orderBy(compileSort(sort, DOCUMENT), TRIAL_ID);
    const rows = await this.run(sql`SELECT ${TRIAL_ID} AS id FROM ${from} ORDER BY ${order}`);
    return rows.map((row) => Number(row['id']));
  }

  /** One page of the trials that meet the filter, behind the end of the page before. */
  async page(filter: Filter, sort: Sort, limit: number, after: PageEnd | undefined): Promise<Page> {
    const { from, where } = matchingTrials({ source: LAW_SOURCE, tables: TABLES, filter });
    const keys = compileSort(sort, DOCUMENT);
    const values = joinSql(keys.map(pageValue), ', ');
    const rest: Sql =
      after === undefined ? trustedSql('true') : afterPageEnd(keys, TRIAL_ID, 'bigint', after);
    const rows = await this.run(
      sql`SELECT ${TRIAL_ID} AS id, ARRAY[${values}]::text[] AS values FROM ${from} WHERE ${where} AND ${rest}
          ORDER BY ${orderBy(keys, TRIAL_ID)} LIMIT ${trustedSql(String(limit))}`,
    );
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      ids: rows.map((row) => Number(row['id'])),
      end:
        last === undefined
          ? undefined
          : { id: String(last['id']), values: last['values'] as readonly (string | null)[] },
    };
  }

  /** The documents as PostgreSQL prints them, by trial id. */
  async documents(): Promise<ReadonlyMap<number, string>> {
    const { rows } = await this.client.query<{ id: string; document: string }>(
      'SELECT trial_id AS id, metadata::text AS document FROM trial_metadata',
    );
    return new Map(rows.map(({ id, document }) => [Number(id), document]));
  }

  async run(statement: Sql): Promise<readonly Record<string, unknown>[]> {
    const { text, values } = statement.toPositional();
    const { rows } = await this.client.query<Record<string, unknown>>(text, [...values]);
    return rows;
  }
}

function columnText(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : jsonText(value);
}

function jsonOrNull(value: JsonValue | undefined): string | null {
  return value === undefined ? null : writeJson(value);
}
