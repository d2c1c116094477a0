/**
 * Why a goal is out of reach, by the name of what is measured: shown in the table where the run of the day misses it, so that
 * a goal is never softened in silence.
 */
export const FINDINGS: Readonly<Record<string, string>> = {
  'total, capped at 10,000':
    'The summary of the field tells how many trials have the value; then the archived ones, a trial in 50 here, are counted by their indexes.',
  'aggregate by one field':
    'Every document is read, by three processes on two cores, and two values are taken out of each: of the half a microsecond that each costs, PostgreSQL spends most on making a jsonb of its own of the value. Measured alone in one process, of 2.9 s: reading 0.1, the join with the trials 0.2 to 0.5, taking the two values out 0.65 each, telling groups apart 0.35.',
  'sort by a number without an index':
    'Every document is read, by three processes on two cores: 0.95 s of one core, 0.6 of it to take the value out. An index is built without a restart: PUT /metadata/indexes/:field, or by the advisor.',
  'is, one match':
    'A thousand rows of the order are walked before the matches are looked up. The two runs before took 1.7 and 2.2 ms here, the same statement alone after this run 1.7.',
  'two conditions with and':
    'About 900 rows of the order are read until 41 match, each with a look at its document by the primary key.',
  'three conditions with and, by an indexed number':
    'The first 1,000 rows of the order give 8 matches; about 4,000 more are walked until 41 match, each in another place of the table, in a transaction of its own.',
};

/** Why an operand takes more than ten times as long as another of its operator, by both. */
export const OPERAND_FINDINGS: Readonly<Record<string, string>> = {
  'is, newest first: 1 in 6 of the oldest experiments':
    'The walk and the look-up give up first; then the trials of these experiments are looked up, 2,000 of them with their documents.',
  'gt on a field without an index, newest first: few':
    'Every document is read, by three processes on two cores. An index is built without a restart.',
  'contains, newest first: none, of two letters':
    'The trigram index has nothing to go by in a text without three letters or digits in a row, so that every document is read, by three processes on two cores.',
  'isNot, isMissing, newest first: isMissing, none':
    'No index tells what is not there: all trials are joined with all documents.',
};

/** Why pages take longer through REST than the goal says. */
export const REST_FINDING =
  'Through REST a request that asks the database for nothing (`GET /metadata/limits`) takes 0.8 to 1.5 ms on this machine, where one of Node.js alone takes 0.1: the framework, the token, the log, and reading and writing JSON exactly. A page of 40 trials with their metadata is 22 kB to read and to write.';

/** Why writes take longer than the goals say. */
export const WRITE_FINDING =
  "Reports that wait are written together: with 64 writers one takes about 0.2 ms of a core in PostgreSQL and 0.5 ms in the master (HTTP and framework; 4 % are the plugin's), which is one process; the clients share its two cores. Of a row that is imported, the row itself takes 27 µs, the index on documents 47 and the trigram index 26, and the counting of its fields a third as much again on the other core.";
