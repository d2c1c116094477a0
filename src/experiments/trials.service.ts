import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { bind, FieldCounter, sql, TrialNotFoundError } from '../metadata/index.js';
import { changeRun } from './change-run.js';
import type { ChangeTrial, CreateTrial } from './dto/bodies.js';
import { Experiment } from './entities/experiment.entity.js';
import { isEndingState } from './entities/trial-state.js';
import { Trial } from './entities/trial.entity.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ExperimentNotFoundError, TrialNumberTakenError } from './experiments.errors.js';
import { ExperimentsService } from './experiments.service.js';
import { ProjectAccess } from './project-access.js';

/** A trial and the experiment it belongs to. */
export interface TrialInExperiment {
  readonly trial: Trial;
  readonly experiment: Experiment;
}

/** Use cases of trials, but for their metadata. Every one asks whether the user may. */
@Injectable()
export class TrialsService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly experiments: ExperimentsService,
    private readonly access: ProjectAccess,
    private readonly fields: FieldCounter,
  ) {}

  /**
   * Makes a trial: ACTIVE and started now, unless the body says otherwise.
   * @throws ExperimentNotFoundError, ProjectEditForbiddenError, TrialNumberTakenError
   */
  async create(user: unknown, experimentId: number, body: CreateTrial): Promise<TrialInExperiment> {
    await this.experiments.getToEdit(user, experimentId);
    return await this.dataSource.transaction(async (manager) => {
      // The lock keeps two trials from taking one number, and the experiment from being deleted meanwhile.
      const experiment = await manager.findOne(Experiment, {
        where: { id: experimentId },
        lock: { mode: 'for_no_key_update' },
      });
      if (experiment === null) throw new ExperimentNotFoundError(experimentId);
      const { number } = body;
      if (number !== undefined && (await manager.existsBy(Trial, { experimentId, number }))) {
        throw new TrialNumberTakenError(experimentId, number);
      }
      const trial = await manager.save(manager.create(Trial, newTrial(experimentId, body, new Date())));
      return { trial, experiment };
    });
  }

  /** @throws TrialNotFoundError */
  async get(user: unknown, id: number): Promise<TrialInExperiment> {
    const found = await findTrial(this.dataSource.manager, id);
    await this.access.mustView(user, found.experiment.projectId, notFound(id));
    return found;
  }

  /** @throws TrialNotFoundError, ProjectEditForbiddenError, InvalidRequestError */
  async change(user: unknown, id: number, body: ChangeTrial): Promise<TrialInExperiment> {
    await this.mustEdit(user, id);
    return await this.dataSource.transaction(async (manager) => {
      const trial = await manager.findOne(Trial, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (trial === null) throw notFound(id);
      changeRun(trial, body, new Date());
      await manager.save(trial);
      return await findTrial(manager, id);
    });
  }

  /**
   * Deletes the trial with its metadata.
   * @throws TrialNotFoundError, ProjectEditForbiddenError
   */
  async delete(user: unknown, id: number): Promise<void> {
    await this.mustEdit(user, id);
    const trials = sql`SELECT ${bind(id, 'bigint')}`;
    await this.dataSource.transaction(async (manager) => {
      await this.fields.forget(manager, trials);
      const { affected } = await manager.delete(Trial, { id });
      if (affected === 0) throw notFound(id);
    });
  }

  private async mustEdit(user: unknown, id: number): Promise<void> {
    const { experiment } = await findTrial(this.dataSource.manager, id);
    await this.access.mustEdit(user, experiment.projectId, notFound(id));
  }
}

function newTrial(experimentId: number, body: CreateTrial, now: Date): Partial<Trial> {
  const { number = null, state = 'ACTIVE', startTime = now } = body;
  const endTime = isEndingState(state) ? (startTime > now ? startTime : now) : null;
  return { experimentId, number, state, archived: false, startTime, endTime };
}

async function findTrial(manager: EntityManager, id: number): Promise<TrialInExperiment> {
  const trial = await manager.findOne(Trial, { where: { id }, relations: { experiment: true } });
  if (trial?.experiment === undefined) throw notFound(id);
  return { trial, experiment: trial.experiment };
}

function notFound(id: number): TrialNotFoundError {
  return new TrialNotFoundError(String(id));
}
