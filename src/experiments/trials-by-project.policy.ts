import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { bind, MetadataAccessPolicy, sql, type TrialId, type TrialRestriction } from '../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ProjectAccess } from './project-access.js';
import { TrialProjects } from './trial-projects.js';

/**
 * Lets the metadata of trials follow the access to their projects. Of users who may do everything no trial is looked up:
 * whether it is there tells the statement that reads or writes its metadata.
 */
@Injectable()
export class TrialsByProjectPolicy extends MetadataAccessPolicy {
  private readonly projects: TrialProjects;

  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) dataSource: DataSource,
    private readonly access: ProjectAccess,
  ) {
    super();
    this.projects = new TrialProjects(dataSource);
  }

  async canView(user: unknown, trialId: TrialId): Promise<boolean> {
    if (await this.access.canDoEverything(user)) return true;
    const projectId = (await this.projects.of([trialId])).get(trialId);
    return projectId !== undefined && (await this.access.canView(user, projectId));
  }

  async canEdit(user: unknown, trialId: TrialId): Promise<boolean> {
    return (await this.editable(user, [trialId])).size > 0;
  }

  async visibleTrials(user: unknown): Promise<TrialRestriction> {
    const projects = await this.access.visibleProjects(user);
    if (projects === 'all') return 'all';
    return (trialId) =>
      sql`${trialId} IN (SELECT t.id FROM trials AS t JOIN experiments AS e ON e.id = t.experiment_id WHERE e.project_id = ANY (${bind(projects, 'bigint[]')}))`;
  }

  override async visibleScopes(user: unknown): Promise<'all' | readonly string[]> {
    const projects = await this.access.visibleProjects(user);
    return projects === 'all' ? 'all' : projects.map(String);
  }

  override async canManageIndexes(user: unknown): Promise<boolean> {
    return await this.access.canManageIndexes(user);
  }

  override async editable(user: unknown, trialIds: readonly TrialId[]): Promise<ReadonlySet<TrialId>> {
    if (await this.access.canDoEverything(user)) return new Set(trialIds);
    const projects = await this.projects.of(trialIds);
    const editable = new Map<number, boolean>();
    for (const project of projects.values()) {
      if (!editable.has(project)) editable.set(project, await this.access.canEdit(user, project));
    }
    return new Set([...projects].filter(([, project]) => editable.get(project)).map(([trialId]) => trialId));
  }
}
