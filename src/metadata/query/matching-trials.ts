import type { Column } from './column.js';
import { compileFilter, compileParts } from './compile-filter.js';
import { conditionsOf, type Filter } from './filter.js';
import { hideValues, identifier, joinSql, sql, TRUE, type Sql } from './sql.js';
import { joinsFor, type TrialSource } from './trial-source.js';

/** Where the plugin's tables are. */
export interface MetadataTables {
  /** `"schema"."trial_metadata"`, or without the schema. */
  readonly metadata: Sql;
}

/** Which trials a query is about. */
export interface TrialSelection {
  readonly source: TrialSource;
  readonly tables: MetadataTables;
  readonly filter: Filter;
  /** The trials that the caller may see, as a condition on the bare trials; absent: all. */
  readonly restriction?: Sql | undefined;
  /** Columns that the query uses beside those of the filter. */
  readonly columns?: Iterable<Column>;
  /** Rows to read instead of a whole table; see {@link ReadRows}. */
  readonly rows?: ReadRows | undefined;
  /** Leave trials without metadata out; then the host's tables are read only where something of them is asked for. */
  readonly withMetadata?: boolean | undefined;
  /** Test the filter on each of the rows given, and look nothing up in an index for it: there are few of them. */
  readonly rowByRow?: boolean;
}

/**
 * A sub-select that stands for a table: `trials` under the alias of the host's trials, or `metadata`, with at least
 * `trial_id` and `metadata`; then trials without metadata are left out.
 */
export interface ReadRows {
  readonly of: 'trials' | 'metadata';
  /** With its alias. */
  readonly from: Sql;
}

/** The metadata document in {@link MatchingTrials.from}; SQL NULL for a trial without metadata. */
export const DOCUMENT = identifier('trial_metadata', 'metadata');

export interface MatchingTrials {
  /** What follows FROM: the host's trials, with `trial_metadata` joined under that alias. */
  readonly from: Sql;
  /** What follows WHERE: the filter and the restriction. */
  readonly where: Sql;
}

/** The FROM and WHERE of the trials that meet a filter and that the caller may see. */
export function matchingTrials(selection: TrialSelection): MatchingTrials {
  const { filter, restriction, rowByRow = false } = selection;
  const scope = { document: DOCUMENT };
  const condition = rowByRow ? testedOnEach(compileParts(filter, scope)) : compileFilter(filter, scope);
  return { from: compileFrom(selection), where: sql`(${restriction ?? TRUE}) AND (${condition})` };
}

/** Each part on its own, so that those on the document alone are tested before anything is joined to it. */
function testedOnEach(parts: readonly Sql[]): Sql {
  return joinSql(
    parts.map((part) => sql`(${hideValues(part)}) IS TRUE`),
    ' AND ',
    TRUE,
  );
}

function compileFrom({ source, tables, rows, withMetadata = false, ...asked }: TrialSelection): Sql {
  const columns = [...(asked.columns ?? []), ...columnsOf(asked.filter)];
  const joins = joinsFor(source, columns);
  const metadata = sql`${tables.metadata} AS "trial_metadata"`;
  const ofTrial = sql`"trial_metadata"."trial_id" = ${source.trialId}`;
  // The foreign key says that each document has its trial.
  if (withMetadata && rows === undefined && columns.length === 0 && asked.restriction === undefined)
    return metadata;
  if (rows?.of === 'metadata')
    return joinSql([rows.from, sql`JOIN ${source.from} ON ${ofTrial}`, ...joins], ' ');
  const join = withMetadata ? sql`JOIN` : sql`LEFT JOIN`;
  return joinSql([rows?.from ?? source.from, ...joins, sql`${join} ${metadata} ON ${ofTrial}`], ' ');
}

function* columnsOf(filter: Filter): Generator<Column> {
  for (const { field } of conditionsOf(filter)) if (field.kind === 'column') yield field.column;
}
