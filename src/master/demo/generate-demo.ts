import type { Benchmark, CudaVersion, Gpu } from './benchmarks.js';
import { BENCHMARKS, CPUS, CUDA, GPUS } from './benchmarks.js';
import type { Random } from './random.js';
import { random } from './random.js';

/** The name of the demo project. */
export const DEMO_PROJECT = 'Hardware benchmarks (demo)';

/** One trial of the demo, in the line format of the import. */
export interface DemoTrial {
  readonly project: string;
  readonly experiment: string;
  readonly trial: number;
  readonly state: 'COMPLETED' | 'ERROR' | 'CANCELED' | 'RUNNING';
  readonly startTime: number;
  readonly endTime?: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const FIRST_START = Date.UTC(2026, 0, 5, 8);
const STUDIES = ['gpu comparison', 'cuda upgrade', 'batch size'] as const;
const TRIALS_EACH = 30;

/**
 * The demo: some hundreds of trials that ask what the tutorial asks, how runtimes depend on graphics card, CUDA version
 * and batch size. The same seed gives the same trials.
 *
 * It shows what metadata can look like, too: nested objects, a list of tags, a key with a dot, true and false, null, keys
 * that only some trials have, numbers written as strings, trials that failed and say why.
 */
export function generateDemo(seed = 2026): readonly DemoTrial[] {
  const choose = random(seed);
  const trials: DemoTrial[] = [];
  let startTime = FIRST_START;
  for (const benchmark of BENCHMARKS) {
    for (const study of STUDIES) {
      for (let trial = 1; trial <= TRIALS_EACH; trial += 1) {
        startTime += Math.round(choose.next() * 40 * 60_000);
        trials.push(generateTrial(choose, benchmark, study, trial, startTime));
      }
    }
  }
  return trials;
}

function generateTrial(
  choose: Random,
  benchmark: Benchmark,
  study: (typeof STUDIES)[number],
  trial: number,
  startTime: number,
): DemoTrial {
  // What a study compares goes round evenly; the rest is as it was on the day.
  const gpu = study === 'gpu comparison' ? nth(GPUS, trial) : choose.pick([GPUS[0], nth(GPUS, 1)]);
  const cuda = study === 'cuda upgrade' ? nth(CUDA, trial) : choose.pick(CUDA);
  const batchSize = benchmark.batchSize * (study === 'batch size' ? 2 ** ((trial % 5) - 2) : 1);
  const mixedPrecision = choose.chance(0.6);
  const runtime = runtimeOf(choose, benchmark, gpu, cuda, batchSize) * (mixedPrecision ? 0.72 : 1);
  const state = stateOf(choose, gpu, batchSize / benchmark.batchSize);
  const seconds = state === 'COMPLETED' ? runtime : runtime * choose.next() * 0.4;
  return {
    project: DEMO_PROJECT,
    experiment: `${benchmark.model}: ${study}`,
    trial,
    state,
    startTime,
    ...(state === 'RUNNING' ? {} : { endTime: startTime + Math.round(seconds * 1000) }),
    metadata: {
      ...described(choose, benchmark, gpu, cuda),
      batch_size: batchSize,
      mixed_precision: mixedPrecision,
      ...(state === 'COMPLETED' ? measured(choose, benchmark, runtime, trial) : {}),
      ...(state === 'ERROR' ? { error: failure(choose, gpu, batchSize) } : {}),
    },
  };
}

function described(
  choose: Random,
  benchmark: Benchmark,
  gpu: Gpu,
  cuda: CudaVersion,
): Record<string, unknown> {
  const amd = gpu.name.startsWith('AMD');
  return {
    dataset_version: choose.pick(benchmark.datasets),
    preprocessing: choose.pick(benchmark.preprocessing),
    hardware: {
      gpu: gpu.name,
      cpu: choose.pick(CPUS),
      ram: choose.pick(['64GB', '128GB', '256GB', '512GB']),
      ...(choose.chance(0.7) ? { gpu_count: choose.pick([1, 1, 1, 2, 4]) } : {}),
    },
    software: {
      ...(amd ? { rocm_version: '6.2.1' } : { cuda_version: cuda.version }),
      python_version: choose.pick(['3.8.10', '3.10.12', '3.11.9']),
      framework: benchmark.framework,
    },
    tags: [...benchmark.tags, ...(choose.chance(0.25) ? ['nightly'] : [])],
    'lr.schedule': choose.chance(0.5) ? { name: 'cosine', warmup: 500 } : { name: 'constant' },
    // Somebody's old script logs the seed as text: what a sort as numbers is for.
    seed: choose.chance(0.2) ? String(Math.floor(choose.next() * 1000)) : Math.floor(choose.next() * 1000),
    ...(choose.chance(0.3) ? { reviewer: choose.pick([null, 'Zoë', 'Tomás', '李']) } : {}),
  };
}

function runtimeOf(
  choose: Random,
  benchmark: Benchmark,
  gpu: Gpu,
  cuda: CudaVersion,
  batchSize: number,
): number {
  const batches = (benchmark.batchSize / batchSize) ** 0.3;
  const driver = gpu.name.startsWith('AMD') ? 1 : cuda.factor;
  return (benchmark.seconds / gpu.speed) * driver * batches * choose.noise(0.06);
}

function stateOf(choose: Random, gpu: Gpu, batches: number): DemoTrial['state'] {
  // Large batches do not fit into small cards.
  if (batches / gpu.memory > 4.5 && choose.chance(0.8)) return 'ERROR';
  const luck = choose.next();
  if (luck < 0.04) return 'ERROR';
  if (luck < 0.06) return 'CANCELED';
  return luck < 0.075 ? 'RUNNING' : 'COMPLETED';
}

function measured(
  choose: Random,
  benchmark: Benchmark,
  runtime: number,
  trial: number,
): Record<string, unknown> {
  const accuracy = round(0.9 + choose.next() * 0.08, 4);
  return {
    runtime_seconds: round(runtime, 3),
    converged: accuracy > 0.905,
    ...(choose.chance(0.85)
      ? { metrics: { accuracy, peak_memory_gb: round(6 + choose.next() * 34, 1) } }
      : {}),
    ...(trial === 1
      ? { note: `First run of ${benchmark.model} on this cluster; the reference for the others.` }
      : {}),
  };
}

function failure(choose: Random, gpu: Gpu, batchSize: number): string {
  return choose.pick([
    `CUDA out of memory: batch of ${batchSize} on ${gpu.name}`,
    `CUDA out of memory: batch of ${batchSize} on ${gpu.name}`,
    'NCCL timeout after 600 s',
    'Loss is NaN at step 311 (learning rate 100% too high?)',
  ]);
}

function nth<T>(list: readonly [T, ...T[]], index: number): T {
  return list[index % list.length] ?? list[0];
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
