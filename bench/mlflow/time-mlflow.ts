import pg from 'pg';
import { PythonMissingError } from '../../scripts/python-environment.js';
import type { BenchOptions } from '../bench.options.js';
import { TRIALS_PER_EXPERIMENT } from '../data-set.js';
import { time, type Timing } from '../measure.js';
import type { Progress } from '../progress.js';
import { benchQueries } from '../queries.js';
import type { RestClient } from '../rest-client.js';
import { mlflowSearches, type MlflowSearch } from './mlflow-searches.js';
import { installMlflow, MLFLOW_RELEASE, startMlflow } from './mlflow-server.js';
import { fillMlflowTables, prepareMlflowTables } from './mlflow-tables.js';

/** Why there are no figures, in one line. */
export interface LeftOut {
  readonly leftOut: string;
}

/** The figures by the name of the query, and what they were measured on. */
export interface MlflowFigures {
  readonly release: string;
  readonly timings: ReadonlyMap<string, Timing>;
}

/**
 * Times a real MLflow tracking server, with one worker, through its REST API: on the benchmark's PostgreSQL, in a schema of its
 * own, with the same trials as runs.
 *
 * @param server whose database holds the data set
 * @param options `only` as for all queries
 * @throws Error when there is MLflow, but it does not start or refuses a search
 */
export async function timeMlflow(
  server: { readonly url: string },
  { trials, only }: Pick<BenchOptions, 'trials' | 'only'>,
  progress: Progress,
): Promise<MlflowFigures | LeftOut> {
  const names = benchQueries(trials).map(({ name }) => name);
  const searches = [...mlflowSearches(trials)].filter(([name]) => name.includes(only ?? ''));
  for (const [name] of searches) {
    if (!names.includes(name)) throw new Error(`The benchmark has no query "${name}".`);
  }
  let python: string;
  try {
    python = await installMlflow(progress);
  } catch (error) {
    if (!(error instanceof PythonMissingError)) throw error;
    return { leftOut: error.message };
  }
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const mark = `MLflow ${MLFLOW_RELEASE}, filled`;
    const isFilled = await prepareMlflowTables(client, mark);
    const mlflow = await startMlflow(python, server.url);
    try {
      if (!isFilled) await fillMlflowTables(client, mark, progress);
      const experiments = await activeExperiments(client);
      const timings = new Map<string, Timing>();
      for (const [name, search] of searches) {
        const work = await searchOf(search, experiments, mlflow.client);
        if (work === undefined) continue;
        const timing = await time(work);
        timings.set(name, timing);
        progress.say(`${name}: MLflow ${timing.p50.toFixed(1)}`);
      }
      return { release: MLFLOW_RELEASE, timings };
    } finally {
      await mlflow.close();
    }
  } finally {
    await client.end();
  }
}

/** A search names the experiments that it is about: those that are not deleted, as MLflow's client does for all. */
async function activeExperiments(client: pg.Client): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT experiment_id AS id FROM mlflow.experiments WHERE lifecycle_stage = 'active' ORDER BY 1`,
  );
  return rows.map(({ id }) => id);
}

/** What is to be timed; absent where the data set is too small to have the page. */
async function searchOf(
  { filter, orderBy, limit = 40, after, firstTrials }: MlflowSearch,
  experiments: readonly number[],
  client: RestClient,
): Promise<(() => Promise<unknown>) | undefined> {
  const last = firstTrials === undefined ? Infinity : firstTrials / TRIALS_PER_EXPERIMENT;
  const body = {
    experiment_ids: experiments.filter((id) => id <= last).map(String),
    filter,
    order_by: orderBy === undefined ? [] : [orderBy],
  };
  const read = (maxResults: number, pageToken?: string): Promise<string> =>
    client.send({
      method: 'POST',
      path: '/runs/search',
      body: { ...body, max_results: maxResults, page_token: pageToken },
    });
  if (firstTrials !== undefined) return () => readAll((token) => read(limit, token));
  if (after === undefined) return () => read(limit);
  const token = nextToken(await read(after));
  return token === undefined ? undefined : () => read(limit, token);
}

async function readAll(read: (token: string | undefined) => Promise<string>): Promise<void> {
  let token: string | undefined;
  do {
    token = nextToken(await read(token));
  } while (token !== undefined);
}

function nextToken(answer: string): string | undefined {
  return (JSON.parse(answer) as { next_page_token?: string }).next_page_token; // as MLflow documents it
}
