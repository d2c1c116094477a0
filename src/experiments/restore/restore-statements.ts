/**
 * Makes sure that ids which are given out from now on are above the given one.
 * `pg_sequence_last_value` is null for a sequence that was never used.
 */
export function claimIdsStatement(table: 'projects' | 'experiments' | 'trials'): string {
  return `SELECT setval(sequence, $1::bigint)
            FROM (SELECT pg_get_serial_sequence('${table}', 'id')::regclass AS sequence) AS found
           WHERE coalesce(pg_sequence_last_value(sequence), 0) < $1::bigint`;
}

/** Rows that have one of the ids ($1) or names ($2). */
export const FIND_PROJECTS = `
SELECT id, name FROM projects WHERE id = ANY($1::bigint[]) OR name = ANY($2::text[])`;

/** Writes projects, and gives the ids of those that are new or other than before. */
export const WRITE_PROJECTS = `
INSERT INTO projects (id, name, description, archived, created_at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[])
ON CONFLICT (id) DO UPDATE SET description = excluded.description, archived = excluded.archived
 WHERE (projects.description, projects.archived) IS DISTINCT FROM (excluded.description, excluded.archived)
RETURNING id`;

export const FIND_EXPERIMENTS = `
SELECT id, project_id AS owner, name FROM experiments WHERE id = ANY($1::bigint[])`;

export const FIND_OWNER_PROJECTS = `SELECT id FROM projects WHERE id = ANY($1::bigint[])`;

/** As {@link WRITE_PROJECTS}. */
export const WRITE_EXPERIMENTS = `
INSERT INTO experiments (id, project_id, name, description, labels, state, archived, start_time, end_time)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::boolean[],
                     $8::timestamptz[], $9::timestamptz[])
ON CONFLICT (id) DO UPDATE
   SET description = excluded.description, labels = excluded.labels, state = excluded.state,
       archived = excluded.archived, start_time = excluded.start_time, end_time = excluded.end_time
 WHERE (experiments.description, experiments.labels, experiments.state, experiments.archived, experiments.start_time,
        experiments.end_time)
       IS DISTINCT FROM (excluded.description, excluded.labels, excluded.state, excluded.archived, excluded.start_time,
        excluded.end_time)
RETURNING id`;

export const FIND_TRIALS = `
SELECT id, experiment_id AS owner, NULL AS name FROM trials WHERE id = ANY($1::bigint[])`;

export const FIND_OWNER_EXPERIMENTS = `SELECT id FROM experiments WHERE id = ANY($1::bigint[])`;

/** As {@link WRITE_PROJECTS}. */
export const WRITE_TRIALS = `
INSERT INTO trials (id, experiment_id, state, archived, start_time, end_time)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::boolean[], $5::timestamptz[], $6::timestamptz[])
ON CONFLICT (id) DO UPDATE
   SET state = excluded.state, archived = excluded.archived, start_time = excluded.start_time,
       end_time = excluded.end_time
 WHERE (trials.state, trials.archived, trials.start_time, trials.end_time)
       IS DISTINCT FROM (excluded.state, excluded.archived, excluded.start_time, excluded.end_time)
RETURNING id`;
