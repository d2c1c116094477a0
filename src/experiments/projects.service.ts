import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, MoreThan, type FindOptionsWhere } from 'typeorm';
import type { ChangeProject, CreateProject } from './dto/bodies.js';
import { bind, FieldCounter, sql, sqlStateOf, UNIQUE_VIOLATION } from '../metadata/index.js';
import { Project } from './entities/project.entity.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import {
  ProjectNameTakenError,
  ProjectNamingForbiddenError,
  ProjectNotFoundError,
} from './experiments.errors.js';
import { ProjectAccess } from './project-access.js';

/** Use cases of projects. Every one asks whether the user may. */
@Injectable()
export class ProjectsService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    private readonly fields: FieldCounter,
  ) {}

  /** @throws ProjectCreationForbiddenError, ProjectNameTakenError */
  async create(user: unknown, body: CreateProject): Promise<Project> {
    await this.access.mustCreate(user);
    return await orNameTaken(body.name, () =>
      this.dataSource.transaction(async (manager) => {
        const project = await manager.save(
          manager.create(Project, { description: '', archived: false, ...body, createdAt: new Date() }),
        );
        await this.access.created(user, project.id, manager);
        return project;
      }),
    );
  }

  /** The visible projects in the order of their ids, from the first after `afterId`; archived ones too. */
  async list(user: unknown, afterId: number, limit: number): Promise<readonly Project[]> {
    const visible = await this.access.visibleProjects(user);
    const where: FindOptionsWhere<Project>[] = [{ id: MoreThan(afterId) }];
    if (visible !== 'all') where.splice(0, 1, { id: In(visible.filter((id) => id > afterId)) });
    return await this.dataSource.getRepository(Project).find({ where, order: { id: 'ASC' }, take: limit });
  }

  /** @throws ProjectNotFoundError */
  async get(user: unknown, id: number): Promise<Project> {
    await this.access.mustView(user, id);
    const project = await this.dataSource.getRepository(Project).findOneBy({ id });
    if (project === null) throw new ProjectNotFoundError(id);
    return project;
  }

  /** @throws ProjectNotFoundError, ProjectEditForbiddenError, ProjectNamingForbiddenError, ProjectNameTakenError */
  async change(user: unknown, id: number, body: ChangeProject): Promise<Project> {
    await this.access.mustEdit(user, id);
    const mayName = body.name === undefined || (await this.access.whyNotCreate(user)) === undefined;
    return await orNameTaken(body.name ?? '', () =>
      this.dataSource.transaction(async (manager) => {
        const project = await manager.findOne(Project, {
          where: { id },
          lock: { mode: 'pessimistic_write' },
        });
        if (project === null) throw new ProjectNotFoundError(id);
        if (!mayName && body.name !== project.name) throw new ProjectNamingForbiddenError(id);
        project.name = body.name ?? project.name;
        project.description = body.description ?? project.description;
        project.archived = body.archived ?? project.archived;
        return await manager.save(project);
      }),
    );
  }

  /**
   * Deletes the project with everything in it.
   * @throws ProjectNotFoundError, ProjectEditForbiddenError
   */
  async delete(user: unknown, id: number): Promise<void> {
    await this.access.mustEdit(user, id);
    const trials = sql`SELECT t.id FROM trials AS t JOIN experiments AS e ON e.id = t.experiment_id WHERE e.project_id = ${bind(id, 'bigint')}`;
    await this.dataSource.transaction(async (manager) => {
      await this.fields.forget(manager, trials);
      const { affected } = await manager.delete(Project, { id });
      if (affected === 0) throw new ProjectNotFoundError(id);
    });
  }
}

async function orNameTaken<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    // Told by the code alone: the constraint's name differs where tables are distributed.
    if (sqlStateOf(error) === UNIQUE_VIOLATION) throw new ProjectNameTakenError(name);
    throw error;
  }
}
