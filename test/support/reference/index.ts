export { compareBySort } from './compare-by-sort.js';
export { evaluateCondition, evaluateFilter } from './evaluate-filter.js';
export { readInstant } from './read-instant.js';
export { valueOf, type ReferenceTrial } from './reference-trial.js';
