/**
 * Why a goal is out of reach, by the name of what is measured: shown in the table where the run of the day misses it, so that
 * a goal is never softened in silence.
 */
export const FINDINGS: Readonly<Record<string, string>> = {
  'total, capped at 10,000':
    'The summary of the field tells how many trials have the value; then the archived ones, a trial in 50 here, are counted by their indexes.',
  'aggregate by one field':
    'Every document is read, by three processes on two cores, and two values are taken out of each: measured alone 0.46 to 0.5 s. Before that the trials and the archived ones are counted, in 0.05 s.',
  'sort by a number without an index':
    'Every document is read, by three processes on two cores. Measured alone in one process, of 0.50 s: reading 0.13, taking the value out 0.25, keeping the first ones 0.12. An index is built without a restart: PUT /metadata/indexes/:field, or by the advisor.',
  'is, 1 in 6, by an indexed number':
    'Chance, on a host that others share: measured again on the same data, twice, it took 2.1 and 2.4 ms, and C 1.8 and 2.0.',
  'is, one match':
    'A thousand documents are walked in the order of the search before the matches are looked up; while reports have left entries in the pending list of the index, up to 4 MB, that list is read too, in up to 1.7 ms.',
  'two conditions with and': 'About 900 documents are walked in the order of the search until 41 match.',
  'three conditions with and, by an indexed number':
    'The first 1,000 rows of the order give 11 matches; then it is walked on behind these, 3,000 rows until 41 match. Walking without any condition takes eight to nine tenths of it (measured alone on a busy machine: 5.6 to 6.0 of 7 ms for 4,000 rows): each document lies in another place of the table, and PostgreSQL takes the value of the order out of each that it passes, index or not, which it need not do for a column.',
};

/** Why an operand takes more than ten times as long as another of its operator, by both. */
export const OPERAND_FINDINGS: Readonly<Record<string, string>> = {
  'is, newest first: 1 in 6 of the oldest experiments':
    'The walk gives up first; then the trials of these experiments are looked up, 2,000 of them with their documents.',
  'gt on a field without an index, newest first: few':
    'Every document is read, by three processes on two cores.',
  'contains, newest first: none, of two letters':
    'The trigram index of all fields has nothing to go by in a text without three letters or digits in a row, so that every document is read, by three processes on two cores. Tried: a pattern of the 37 trigrams that such a text can be part of, 0.7 ms; it misses the text between two letters that are not ASCII.',
  'contains, newest first: none, of another script':
    'The trigram index of all fields is asked for three ASCII letters or digits in a row alone, since it depends on the locale of the database which others it knows; so every document is read.',
  'contains, newest first: none, common in another field':
    'The trigram index has the strings of a document, of whatever field, so that it gives two documents in three, of which none is meant. A sample of eight pages tells so, in 2 to 5 ms, and every document is read instead, by three processes on two cores; to test those that the index gives took twelve times as long.',
  'contains, newest first: few, of common words':
    'Half of the documents hold the trigrams of these words, in another order: see above. That on the texts of the field has the words joined, and gives 30,000 documents for these four, of which each takes 16 µs to read and to test; to read all takes about as long.',
  'contains, newest first: none, of digits':
    'A number may hold these digits as well, and the trigram index of all fields has strings alone (with numbers it would take more with every write), so that every document is read, by three processes on two cores.',
  'isNot, isMissing, newest first: isMissing, none':
    'No index tells what is not there. Two counts tell that every trial has metadata, in 0.11 to 0.16 s; then every document is read, by three processes on two cores, in 0.4 s, where joining all trials with all documents took 1.0 s.',
};

/** Why a query that an index serves takes more than twice as long at the most trials as at the fewest, by its name. */
export const GROWTH_FINDINGS: Readonly<Record<string, string>> = {
  'is, one match':
    'Two other runs gave 1.0 and 0.6. At the most trials a query is measured at the beginning of a run, at fewer ones at its end: see how fast the machine was before and after it.',
  'is, 1 in 6, by an indexed number':
    'Chance, see above: 1.1 to 1.7 in the runs before, on quick and on slow hosts.',
  'contains, few matches':
    'One trial in 5,000 matches: 2 of 10,000 trials, 200 of a million. The trigram index finds them all, and the document of each is read to be tested, before the newest 40 are known.',
  fields:
    'The counts are kept by project, of which there are 100 at a million trials and one at 10,000: here 1,349 rows are summed up, in 1.5 ms, there 23.',
};

/** Why pages take longer through REST than the goal says. */
export const REST_FINDING =
  'Through REST a request that asks the database for nothing (`GET /metadata/limits`) takes 0.6 to 0.8 ms on a quick host, 0.8 to 0.9 on the host of this page, where one of Node.js alone takes 0.1: the framework, the token, the log, and reading and writing JSON exactly. A page of 40 trials with their metadata is 22 kB to read and to write.';

/** Why writes take longer than the goals say. */
export const WRITE_FINDING =
  "Reports that wait are written together: with 64 writers one takes about 0.2 ms of a core in PostgreSQL and 0.5 ms in the master (HTTP and framework; 4 % are the plugin's), which is one process; the clients share its two cores. On the day of the page it was 0.2 ms in PostgreSQL, 0.7 in the master and 0.25 in the clients, 1,369 reports a second, of 1,400 that one such process can do. An import is written by two transactions side by side, which keeps both cores busy: a row takes 116 µs of PostgreSQL (the indexes on documents half of it), 28 µs of the master and 23 µs of counting the known fields, so that two cores do 11,900 rows a second at most, without the client's share, what PostgreSQL files in the background, and the waits at the end of each group.";
