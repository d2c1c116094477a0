import { parseArgs } from 'node:util';

/** What a run of the benchmark is told. */
export interface BenchOptions {
  /** How many trials the data set has. @default 100000 */
  readonly trials: number;
  /** Where the figures go as JSON. */
  readonly json: string | undefined;
  /** Part of the names of what is measured; absent: everything. */
  readonly only: string | undefined;
  /** Folder that keeps the embedded server with its data between runs; absent: a temporary one. */
  readonly keep: string | undefined;
  /** Whether a real MLflow tracking server is timed too. @default false */
  readonly withMlflow: boolean;
  /** A PostgreSQL to use instead of the embedded one; its user may create databases and extensions. */
  readonly databaseUrl: string | undefined;
}

/** @throws Error of one line for an argument that is wrong */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      trials: { type: 'string', default: '100000' },
      json: { type: 'string' },
      only: { type: 'string' },
      keep: { type: 'string' },
      'with-mlflow': { type: 'boolean', default: false },
    },
  });
  const trials = Number(values.trials);
  if (!Number.isInteger(trials) || trials < 1_000) throw new Error('--trials takes a number from 1000.');
  return {
    trials,
    json: values.json,
    only: values.only,
    keep: values.keep,
    withMlflow: values['with-mlflow'],
    databaseUrl: environment['BENCH_DATABASE_URL'] || undefined,
  };
}
