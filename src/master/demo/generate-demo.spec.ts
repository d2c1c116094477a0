import { generateDemo } from './generate-demo.js';

const trials = generateDemo();
const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;

function runtimes(experiment: string, gpu: string): readonly number[] {
  return trials
    .filter((trial) => trial.experiment === experiment && JSON.stringify(trial.metadata).includes(gpu))
    .map((trial) => Number(trial.metadata['runtime_seconds']))
    .filter((seconds) => !Number.isNaN(seconds));
}

describe('generateDemo', () => {
  it('gives some hundreds of trials of several experiments, the same ones every time', () => {
    expect(trials).toHaveLength(450);
    expect(new Set(trials.map((trial) => trial.experiment)).size).toBe(15);
    expect(generateDemo()).toEqual(trials);
    expect(generateDemo(1)).not.toEqual(trials);
  });

  it('numbers the trials of an experiment without a gap', () => {
    const numbers = trials
      .filter(({ experiment }) => experiment === 'resnet50: batch size')
      .map(({ trial }) => trial);
    expect(numbers).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });

  it('lets runtimes depend on the graphics card', () => {
    const experiment = 'resnet50: gpu comparison';
    const order = ['NVIDIA H100', 'NVIDIA A100', 'NVIDIA V100', 'NVIDIA T4'];
    const medians = order.map((gpu) => median(runtimes(experiment, gpu)));
    expect([...medians].sort((a, b) => a - b)).toEqual(medians);
  });

  it('shows every JSON type, a key with a dot, missing keys and failures', () => {
    const values = trials.map((trial) => trial.metadata);
    expect(values.some((metadata) => metadata['reviewer'] === null)).toBe(true);
    expect(values.some((metadata) => !('reviewer' in metadata))).toBe(true);
    expect(values.some((metadata) => typeof metadata['seed'] === 'string')).toBe(true);
    expect(values.some((metadata) => typeof metadata['seed'] === 'number')).toBe(true);
    expect(values.every((metadata) => 'lr.schedule' in metadata && Array.isArray(metadata['tags']))).toBe(
      true,
    );
    expect(values.every((metadata) => typeof metadata['mixed_precision'] === 'boolean')).toBe(true);
    expect(new Set(trials.map((trial) => trial.state))).toEqual(
      new Set(['COMPLETED', 'ERROR', 'CANCELED', 'RUNNING']),
    );
  });

  it('has times that fit: an end after the start, none while a trial runs', () => {
    for (const { state, startTime, endTime } of trials) {
      if (state === 'RUNNING') expect(endTime).toBeUndefined();
      else expect(endTime).toBeGreaterThanOrEqual(startTime);
    }
  });
});
