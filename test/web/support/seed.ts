import type { TestMaster } from '../../support/index.js';

/** What the tests of the page look at. */
export interface Seed {
  readonly projectId: number;
  /** By benchmark. */
  readonly experimentIds: Readonly<Record<Benchmark, number>>;
  /** In the order of {@link TRIALS}. */
  readonly trialIds: readonly number[];
}

export type Benchmark = 'bert' | 'resnet';

export interface SeedTrial {
  readonly benchmark: Benchmark;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Two benchmarks on three accelerators, four runs each, so that groups, differences and orders can be told by hand. */
export const TRIALS: readonly SeedTrial[] = (['bert', 'resnet'] as const).flatMap((benchmark, row) =>
  ['NVIDIA A100', 'NVIDIA H100', 'AMD MI300X'].flatMap((gpu, column) =>
    [0, 1, 2, 3].map((run) => ({
      benchmark,
      metadata: {
        benchmark,
        dataset_version: 'MNIST-v1.0',
        hardware: { gpu, cpu: 'Intel Xeon', gpus: gpu.startsWith('AMD') ? '8' : 8 },
        software: { cuda_version: gpu.startsWith('AMD') ? null : '11.2' },
        runtime_seconds: 1_000 * (row + 1) - 300 * column + 10 * run,
        converged: run !== 3,
        tags: ['nightly', `run-${run}`],
      },
    })),
  ),
);

/** Fills a master with one project of {@link TRIALS}. */
export async function seed(master: TestMaster, name = 'Benchmarks'): Promise<Seed> {
  const project = (await master.post('/projects', { name })).body as { project: { id: number } };
  const projectId = project.project.id;
  const make = async (benchmark: Benchmark): Promise<number> => {
    const { body } = await master.post('/experiments', { name: `${benchmark} on everything`, projectId });
    return (body as { experiment: { id: number } }).experiment.id;
  };
  const experimentIds = { bert: await make('bert'), resnet: await make('resnet') };
  const trialIds: number[] = [];
  for (const { benchmark, metadata } of TRIALS)
    trialIds.push(await addTrial(master, experimentIds[benchmark], metadata));
  return { projectId, experimentIds, trialIds };
}

/** Makes a trial with this metadata: an object, or JSON text for what JavaScript has no value for. */
export async function addTrial(
  master: TestMaster,
  experimentId: number,
  metadata: object | string,
): Promise<number> {
  const { body } = await master.post(`/experiments/${experimentId}/trials`, {});
  const { id } = (body as { trial: { id: number } }).trial;
  const text = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  const answer = await master.post(`/trials/${id}/metadata`, `{"metadata":${text}}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return id;
}

/** Makes a user with a role in a project, and answers his token. */
export async function addUser(
  master: TestMaster,
  name: string,
  projectId: number,
  role: 'viewer' | 'editor',
): Promise<string> {
  const user = (await master.post('/users', { name })).body as { user: { id: number } };
  await master.put(`/projects/${projectId}/members/${user.user.id}`, { role });
  const made = await master.post(`/users/${user.user.id}/tokens`, {});
  return (made.body as { token: { secret: string } }).token.secret;
}
