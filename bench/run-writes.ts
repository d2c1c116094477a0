import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { trialOf } from './data-set.js';
import { timeMany, timingOf, type Timing } from './measure.js';
import type { Progress } from './progress.js';
import type { RestClient } from './rest-client.js';

/** What one kind of write took through REST, history and all. */
export interface WriteFigures {
  readonly name: string;
  readonly writers: number;
  readonly B: Timing;
  /** Reports a second; of a batch, each of its reports counts. */
  readonly perSecond: number;
  readonly goal?: string;
}

/** Experiment for the trials that the writes are made on, beside the data set. */
const EXPERIMENT = 'writes of the benchmark';
const REPORTS = 2_000;
const BATCH = 1_000;
const FEWEST_BATCHES = 10;
const IMPORTED = 20_000;
const IMPORTS = 3;

/** Measures reports, batches and an import on new trials, and removes them afterwards. */
export async function runWrites(
  { client, rest }: { readonly client: pg.Client; readonly rest: RestClient },
  progress: Progress,
): Promise<readonly WriteFigures[]> {
  const experimentId = await makeExperiment(rest);
  const figures: WriteFigures[] = [];
  const add = (figure: WriteFigures): void => {
    figures.push(figure);
    const { name, writers, B, perSecond } = figure;
    progress.say(`${name}, ${writers} at a time: ${B.p50.toFixed(1)} ms, ${Math.round(perSecond)} a second`);
  };
  for (const writers of [1, 8, 64]) {
    const times = writers === 1 ? REPORTS / 4 : REPORTS;
    const ids = await makeTrials(client, experimentId, times);
    const report = (metadata: (index: number) => object) =>
      timeMany(times, writers, (index) =>
        rest.send({
          method: 'POST',
          path: `/trials/${ids[index]}/metadata`,
          body: { metadata: metadata(index) },
        }),
      );
    const goal = writers === 1 ? { goal: '1.5 ms' } : writers === 64 ? { goal: '2,500 a second' } : {};
    const kinds = {
      'report, new trial': (index: number) => trialOf(index + 1).document,
      'report, one key again': (index: number) => ({ runtime_seconds: index / 7 }),
      'report, 10 keys more': (index: number) =>
        Object.fromEntries(Array.from({ length: 10 }, (_, key) => [`metric_${key}`, index * key])),
    };
    for (const [name, metadata] of Object.entries(kinds)) {
      const { perSecond, ...timing } = await report(metadata);
      add({ name, writers, B: timing, perSecond, ...goal });
    }
  }
  for (const writers of [1, 8, 64]) {
    const trials = Math.max(FEWEST_BATCHES, writers) * BATCH;
    add(await batches(rest, await makeTrials(client, experimentId, trials), writers));
  }
  add(await importing(client, rest));
  await client.query('DELETE FROM experiments WHERE id = $1', [experimentId]);
  return figures;
}

async function batches(rest: RestClient, ids: readonly string[], writers: number): Promise<WriteFigures> {
  const { perSecond, ...timing } = await timeMany(ids.length / BATCH, writers, (batch) => {
    const reports = ids
      .slice(batch * BATCH, (batch + 1) * BATCH)
      .map((id, index) => ({ trialId: Number(id), metadata: trialOf(index + 1).document }));
    return rest.send({ method: 'POST', path: '/metadata/batch', body: { reports } });
  });
  return { name: `batch of ${BATCH}`, writers, B: timing, perSecond: perSecond * BATCH };
}

/** Each into an empty project, once what was written before is counted: that is work of its own, on a core of its own. */
async function importing(client: pg.Client, rest: RestClient): Promise<WriteFigures> {
  const lines = Array.from({ length: IMPORTED }, (_, index) =>
    JSON.stringify({
      project: EXPERIMENT,
      experiment: EXPERIMENT,
      trial: index + 1,
      metadata: trialOf(index + 1).document,
    }),
  );
  const body = { text: lines.join('\n'), type: 'application/x-ndjson' };
  const took: number[] = [];
  for (let times = 0; times < IMPORTS; times += 1) {
    await untilCounted(client);
    const start = performance.now();
    await rest.send({ method: 'POST', path: '/import', ...body });
    took.push(performance.now() - start);
    await client.query('DELETE FROM projects WHERE name = $1', [EXPERIMENT]);
  }
  const timing = timingOf(took);
  const perSecond = (IMPORTED / timing.p50) * 1000;
  return { name: `import of ${IMPORTED}`, writers: 1, B: timing, perSecond, goal: '10,000 a second' };
}

async function untilCounted(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query('SELECT FROM trial_metadata_uncounted LIMIT 1');
    if (rows.length === 0) return;
    await sleep(100);
  }
}

async function makeExperiment(rest: RestClient): Promise<number> {
  const body = { name: EXPERIMENT, projectId: 1 };
  const answer = await rest.send({ method: 'POST', path: '/experiments', body });
  return (JSON.parse(answer) as { experiment: { id: number } }).experiment.id;
}

async function makeTrials(
  client: pg.Client,
  experimentId: number,
  count: number,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    'INSERT INTO trials (experiment_id) SELECT $1 FROM generate_series(1, $2) RETURNING id',
    [experimentId, count],
  );
  return rows.map(({ id }) => id);
}
