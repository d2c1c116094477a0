import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { bind, FieldCounter, FOREIGN_KEY_VIOLATION, sql, sqlStateOf } from '../metadata/index.js';
import { changeRun } from './change-run.js';
import type { ChangeExperiment, CreateExperiment } from './dto/bodies.js';
import { Experiment } from './entities/experiment.entity.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ExperimentNotFoundError, ProjectNotFoundError } from './experiments.errors.js';
import { ProjectAccess } from './project-access.js';

/** Use cases of experiments. Every one asks whether the user may. */
@Injectable()
export class ExperimentsService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    private readonly fields: FieldCounter,
  ) {}

  /** @throws ProjectNotFoundError, ProjectEditForbiddenError */
  async create(user: unknown, body: CreateExperiment): Promise<Experiment> {
    const noSuchProject = new ProjectNotFoundError(body.projectId, 'projectId');
    await this.access.mustEdit(user, body.projectId, noSuchProject);
    const experiments = this.dataSource.getRepository(Experiment);
    const experiment = experiments.create({
      description: '',
      state: 'ACTIVE',
      archived: false,
      ...body,
      labels: [...(body.labels ?? [])],
      startTime: new Date(),
      endTime: null,
    });
    try {
      return await experiments.save(experiment);
    } catch (error) {
      if (sqlStateOf(error) === FOREIGN_KEY_VIOLATION) throw noSuchProject;
      throw error;
    }
  }

  /** @throws ExperimentNotFoundError */
  async get(user: unknown, id: number): Promise<Experiment> {
    const experiment = await this.find(id);
    await this.access.mustView(user, experiment.projectId, new ExperimentNotFoundError(id));
    return experiment;
  }

  /** The experiment, for one who may change it. @throws ExperimentNotFoundError, ProjectEditForbiddenError */
  async getToEdit(user: unknown, id: number): Promise<Experiment> {
    const experiment = await this.find(id);
    await this.access.mustEdit(user, experiment.projectId, new ExperimentNotFoundError(id));
    return experiment;
  }

  /** @throws ExperimentNotFoundError, ProjectEditForbiddenError, InvalidRequestError */
  async change(user: unknown, id: number, body: ChangeExperiment): Promise<Experiment> {
    await this.getToEdit(user, id);
    return await this.dataSource.transaction(async (manager) => {
      const experiment = await manager.findOne(Experiment, {
        where: { id },
        lock: { mode: 'pessimistic_write' },
      });
      if (experiment === null) throw new ExperimentNotFoundError(id);
      changeRun(experiment, body, new Date());
      experiment.name = body.name ?? experiment.name;
      experiment.description = body.description ?? experiment.description;
      experiment.labels = body.labels ?? experiment.labels;
      return await manager.save(experiment);
    });
  }

  /**
   * Deletes the experiment with its trials and their metadata.
   * @throws ExperimentNotFoundError, ProjectEditForbiddenError
   */
  async delete(user: unknown, id: number): Promise<void> {
    await this.getToEdit(user, id);
    const trials = sql`SELECT id FROM trials WHERE experiment_id = ${bind(id, 'bigint')}`;
    await this.dataSource.transaction(async (manager) => {
      await this.fields.forget(manager, trials);
      const { affected } = await manager.delete(Experiment, { id });
      if (affected === 0) throw new ExperimentNotFoundError(id);
    });
  }

  private async find(id: number): Promise<Experiment> {
    const experiment = await this.dataSource.getRepository(Experiment).findOneBy({ id });
    if (experiment === null) throw new ExperimentNotFoundError(id);
    return experiment;
  }
}
