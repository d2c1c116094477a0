/** How the made-up trials are divided. */
export const TRIALS_PER_EXPERIMENT = 100;
export const EXPERIMENTS_PER_PROJECT = 100;

const GPUS = ['NVIDIA H100', 'NVIDIA A100', 'NVIDIA L40S', 'NVIDIA V100', 'AMD MI300X', 'TPU v5e'] as const;
const FRAMEWORKS = [
  'pytorch 2.4',
  'pytorch 2.3',
  'pytorch 1.13',
  'tensorflow 2.16',
  'jax 0.4',
  'mxnet 1.9',
] as const;
const OPTIMIZERS = ['adam', 'adamw', 'sgd', 'lamb'] as const;
const TAGS = ['baseline', 'sweep', 'nightly', 'ablation', 'release', 'debug', 'paper', 'distilled'] as const;
const WORDS =
  'run with the usual settings warm start from checkpoint longer schedule smaller batch mixed precision gradient clipping'.split(
    ' ',
  );
/** A word of one note in 5,000. */
export const RARE_WORD = 'divergence';
/** A word of half of the notes. */
export const COMMON_WORD = 'schedule';

/** The metadata of one trial: ten keys, thirteen leaf values. */
export interface BenchDocument {
  readonly framework: string;
  readonly hardware: { readonly gpu: string; readonly count: number; readonly memory_gb: number };
  readonly batch_size: number;
  readonly learning_rate: number;
  readonly optimizer: string;
  readonly runtime_seconds: number;
  readonly dataset: string;
  /** Another one for each trial. */
  readonly commit: string;
  readonly tags: readonly [string, string];
  readonly note: string;
}

/** One made-up trial. The same number gives the same trial in every run and on every side. */
export interface BenchTrial {
  readonly id: number;
  readonly experimentId: number;
  readonly archived: boolean;
  readonly startTime: Date;
  readonly endTime: Date;
  readonly document: BenchDocument;
}

export function experimentsOf(trials: number): number {
  return Math.ceil(trials / TRIALS_PER_EXPERIMENT);
}

/** Whether an experiment is archived: one in 50. */
export function isArchivedExperiment(experimentId: number): boolean {
  return experimentId % 50 === 7;
}

/** The trial of a number, from 1. */
export function trialOf(id: number): BenchTrial {
  const random = randomOf(id);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T; // never empty
  const runtime = Math.round(random() ** 2 * 1e8) / 1000;
  const startTime = new Date(Date.UTC(2024, 0, 1) + Math.floor(random() * 31_536_000) * 1000);
  const gpu = pick(GPUS);
  const document: BenchDocument = {
    framework: pick(FRAMEWORKS),
    hardware: { gpu, count: 2 ** Math.floor(random() * 7), memory_gb: gpu.startsWith('AMD') ? 192 : 80 },
    batch_size: 2 ** (3 + Math.floor(random() * 9)),
    learning_rate: Number((10 ** -(1 + random() * 5)).toPrecision(6)),
    optimizer: pick(OPTIMIZERS),
    runtime_seconds: runtime,
    dataset: `dataset-${Math.floor(random() ** 3 * 40)}`,
    commit: commitOf(id),
    tags: [pick(TAGS), `cluster-${Math.floor(random() * 50)}`],
    note: noteOf(random),
  };
  return {
    id,
    experimentId: Math.ceil(id / TRIALS_PER_EXPERIMENT),
    archived: id % 1000 === 13,
    startTime,
    endTime: new Date(startTime.getTime() + Math.round(runtime * 1000)),
    document,
  };
}

/** The commit of a trial: as long as one of git's, and unlike its neighbours'. */
export function commitOf(id: number): string {
  const random = randomOf(id ^ 0x5bd1e995);
  return Array.from({ length: 5 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

function noteOf(random: () => number): string {
  const words = Array.from({ length: 6 }, () => WORDS[Math.floor(random() * WORDS.length)]);
  if (random() < 1 / 5_000) words.push(RARE_WORD);
  return words.join(' ');
}

/** Numbers from 0 to 1 (mulberry32), the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
