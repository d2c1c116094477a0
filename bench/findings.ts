/**
 * Why a goal is out of reach, by the name of what is measured: shown in the table where the run of the day misses it, so that
 * a goal is never softened in silence.
 */
export const FINDINGS: Readonly<Record<string, string>> = {
  'total, capped at 10,000':
    'The index on documents gives a bitmap of all matches before the first can be counted, and each of 10,000 is looked up among the trials for being archived.',
  'values of a field with 6':
    'Every document is read: counts by value are kept nowhere, since each report would then have to change them.',
  'values of a field with as many as trials':
    'Every document is read and as many groups are made; see above.',
  'aggregate by one field': 'Every document is read, and parsed for two values.',
  'sort by a number without an index':
    'Every document is read. Build an index: PUT /metadata/indexes/:field.',
  'experiments by trial metadata, sorted': 'The best trial of each experiment is found among all matches.',
};
