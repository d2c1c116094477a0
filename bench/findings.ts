/**
 * Why a goal is out of reach, by the name of what is measured: shown in the table where the run of the day misses it, so that
 * a goal is never softened in silence.
 */
export const FINDINGS: Readonly<Record<string, string>> = {
  'total, capped at 10,000':
    'The index on documents gives a bitmap of all matches before the first can be counted, and each of 10,000 is looked up among the trials for being archived.',
  'aggregate by one field':
    'Every document is read, by three processes on two cores, and two values are taken out of each: of the half a microsecond that each costs, PostgreSQL spends most on making a jsonb of its own of the value.',
  'sort by a number without an index':
    'Every document is read, by three processes on two cores. An index is built without a restart: PUT /metadata/indexes/:field, or by the advisor.',
  'experiments by trial metadata, sorted': 'The best trial of each experiment is found among all matches.',
};
