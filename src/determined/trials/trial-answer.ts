import type { TrialInExperiment } from '../../experiments/index.js';
import type { MetadataRecord } from '../../metadata/index.js';

/** A trial as Determined shows one. */
export type DeterminedTrial = Readonly<Record<string, unknown>>;

/** Runs of ours have no hyperparameters, restarts or batches; Determined's clients want the members all the same. */
export function determinedTrial(
  { trial, experiment }: TrialInExperiment,
  { metadata, revision }: MetadataRecord,
): DeterminedTrial {
  const { startTime, endTime } = trial;
  const seconds = startTime && endTime ? (endTime.getTime() - startTime.getTime()) / 1000 : undefined;
  return {
    id: trial.id,
    experimentId: experiment.id,
    startTime: startTime?.toISOString() ?? null,
    ...(endTime === null ? {} : { endTime: endTime.toISOString() }),
    state: `STATE_${trial.state}`,
    restarts: 0,
    hparams: {},
    totalBatchesProcessed: 0,
    ...(seconds === undefined ? {} : { wallClockTime: seconds }),
    checkpointCount: 0,
    totalCheckpointSize: '0',
    summaryMetrics: {},
    ...(revision === 0 ? {} : { metadata }),
  };
}
