export type { EntityJoin, EntitySource } from './entity-source.js';
export { trialSourceOf } from './trial-source-of.js';
