/** A model that the demo trains, and what a run of it takes. */
export interface Benchmark {
  readonly model: string;
  /** Seconds on one A100 with CUDA 11.8 at the reference batch size. */
  readonly seconds: number;
  readonly batchSize: number;
  readonly framework: string;
  readonly datasets: readonly [string, ...string[]];
  readonly preprocessing: readonly [string, ...string[]];
  readonly tags: readonly [string, ...string[]];
}

/** The models of the demo. */
export const BENCHMARKS: readonly Benchmark[] = [
  {
    model: 'mnist-cnn',
    seconds: 210,
    batchSize: 128,
    framework: 'pytorch 2.4.1',
    datasets: ['MNIST-v1.0', 'MNIST-v1.1'],
    preprocessing: ['normalization', 'normalization + random shift'],
    tags: ['vision', 'smoke-test'],
  },
  {
    model: 'resnet50',
    seconds: 3600,
    batchSize: 256,
    framework: 'pytorch 2.4.1',
    datasets: ['ImageNet-2012-v3', 'ImageNet-2012-v4'],
    preprocessing: ['normalization', 'normalization + augmentation'],
    tags: ['vision', 'baseline'],
  },
  {
    model: 'bert-large',
    seconds: 5400,
    batchSize: 64,
    framework: 'pytorch 2.5.0',
    datasets: ['SQuAD-v1.1', 'SQuAD-v2.0'],
    preprocessing: ['wordpiece', 'wordpiece, lower case'],
    tags: ['nlp', 'baseline'],
  },
  {
    model: 'unet3d',
    seconds: 7200,
    batchSize: 8,
    framework: 'tensorflow 2.17.0',
    datasets: ['KiTS19-v1.2'],
    preprocessing: ['resampling 1.6 mm', 'resampling 1.6 mm + flips'],
    tags: ['vision', 'medical'],
  },
  {
    model: 'dlrm',
    seconds: 1500,
    batchSize: 32768,
    framework: 'tensorflow 2.17.0',
    datasets: ['Criteo-1TB-v2', 'Criteo-1TB-v2-sampled'],
    preprocessing: ['hashing', 'frequency threshold 15'],
    tags: ['recommendation', 'memory-bound'],
  },
];

/** A graphics card of the demo. */
export interface Gpu {
  readonly name: string;
  /** How fast it is beside an A100. */
  readonly speed: number;
  /** How much of the memory-hungry batches it holds, beside an A100. */
  readonly memory: number;
}

/** The graphics cards of the demo. */
export const GPUS: readonly [Gpu, ...Gpu[]] = [
  { name: 'NVIDIA H100', speed: 2.1, memory: 1 },
  { name: 'NVIDIA A100', speed: 1, memory: 1 },
  { name: 'NVIDIA L40S', speed: 0.74, memory: 0.6 },
  { name: 'NVIDIA V100', speed: 0.46, memory: 0.4 },
  { name: 'NVIDIA T4', speed: 0.19, memory: 0.2 },
  { name: 'AMD Instinct MI250', speed: 0.93, memory: 1.6 },
];

/** The processors of the demo. */
export const CPUS: readonly [string, ...string[]] = [
  'Intel Xeon',
  'Intel Xeon Platinum 8480C',
  'AMD EPYC 9374F',
];

/** Versions of CUDA and how long a run takes with each, beside 11.8. */
export const CUDA: readonly [CudaVersion, ...CudaVersion[]] = [
  { version: '11.2', factor: 1.14 },
  { version: '11.8', factor: 1 },
  { version: '12.1', factor: 0.95 },
  { version: '12.4', factor: 0.91 },
];

/** A version of CUDA. */
export interface CudaVersion {
  readonly version: string;
  readonly factor: number;
}
