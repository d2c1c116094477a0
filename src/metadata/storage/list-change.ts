import type { MetadataTableNames } from './metadata-tables.js';

/** What a statement that writes revisions holds to put them into the list of changes as well; see {@link listChange}. */
export interface ChangeListing {
  /** `, place`, behind the other columns. */
  readonly column: string;
  /** `, <the place of the next change>`, behind the values of the other columns. */
  readonly next: (previous?: string) => string;
  /** `, place = <the place of the next change>`, in the SET of an UPDATE. */
  readonly set: (previous: string) => string;
  /** `, place = excluded.place`, in the SET of an ON CONFLICT. */
  readonly excluded: string;
  /** `, stored.place`, in a RETURNING. */
  readonly returned: string;
  /** One more common table expression. @param rows a SELECT of trial, revision, time and place */
  readonly insert: (rows: string) => string;
}

/** For a host that keeps no list of changes. */
export const NOT_LISTED: ChangeListing = {
  column: '',
  next: () => '',
  set: () => '',
  excluded: '',
  returned: '',
  insert: () => '',
};

/**
 * Puts revisions into the list of changes, in the statement that writes them. Followers read the list in the order of
 * place, trial and revision, up to the oldest transaction that still runs. So a place is the id of the transaction that
 * wrote the revision; but that of the trial's revision before where that is larger, as it is when a transaction of several
 * statements got its id first and the trial last: a trial's revisions then still come in their order. Never smaller than
 * the id, so that what is below the oldest running transaction is committed.
 *
 * As bigint, since TypeORM has no xid8. The list may hold the revision already, of a trial with that id that was deleted.
 */
export function listChange(tables: MetadataTableNames): ChangeListing {
  const own = 'pg_current_xact_id()::text::bigint';
  const place = (previous?: string) => (previous === undefined ? own : `greatest(${previous}, ${own})`);
  return {
    column: ', place',
    next: (previous) => `, ${place(previous)}`,
    set: (previous) => `, place = ${place(previous)}`,
    excluded: ', place = excluded.place',
    returned: ', stored.place',
    insert: (rows) => `, listed AS (
  INSERT INTO ${tables.changes} (trial_id, revision, updated_at, place) ${rows} ON CONFLICT DO NOTHING
)`,
  };
}
