/** The TypeORM data source that holds projects, experiments and trials. */
export const EXPERIMENTS_DATA_SOURCE = Symbol('EXPERIMENTS_DATA_SOURCE');
