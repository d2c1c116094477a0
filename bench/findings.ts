/**
 * Why a goal is out of reach, by the name of what is measured: shown in the table where the run of the day misses it, so that
 * a goal is never softened in silence.
 */
export const FINDINGS: Readonly<Record<string, string>> = {
  'total, capped at 10,000':
    'About 61,000 trials and documents are read in the order of their ids until 10,001 match, three quarters of a microsecond each; each trial is looked at for being archived.',
  'aggregate by one field':
    'Every document is read, by three processes on two cores, and two values are taken out of each: of the half a microsecond that each costs, PostgreSQL spends most on making a jsonb of its own of the value.',
  'sort by a number without an index':
    'Every document is read, by three processes on two cores. An index is built without a restart: PUT /metadata/indexes/:field, or by the advisor.',
  'experiments by trial metadata, sorted': 'The best trial of each experiment is found among all matches.',
  'is, one match':
    'An answer of few takes four statements and a transaction around three of them: the walk that finds too few, whether the order ends there, the look-up, the documents.',
  'two conditions with and':
    'The first 500 rows of the order give 23 matches; the order is then walked as far as that asks for, in a transaction of its own.',
  'three conditions with and, by an indexed number':
    'The first 500 rows of the order give 4 matches; about 4,000 are walked until 41 match, each in another place of the table.',
};

/** Why pages take longer through REST than the goal says. */
export const REST_FINDING =
  'Through REST a request that asks the database for nothing (`GET /metadata/limits`) takes 1.5 ms on this machine, one that reads one document 2.3 ms: the HTTP server, the framework, the token, the log, and reading and writing JSON exactly. The same is most of a report.';

/** Why writes take longer than the goals say. */
export const WRITE_FINDING =
  'With 64 writers a report takes 0.6 ms of a core in PostgreSQL (document, history, list of changes and two GIN indexes, one statement and one commit) and 0.65 ms in the master, so that two cores end at about 1,600 a second before the clients take their part. Of a row that is imported, the row itself takes 27 µs, the index on documents 47 and the trigram index 26.';
