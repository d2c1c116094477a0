import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { bind, MetadataAccessPolicy, sql, type TrialId, type TrialRestriction } from '../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from './experiments.constants.js';
import { ProjectAccess } from './project-access.js';

interface TrialRow {
  readonly id: string;
  readonly project_id: string;
}

/** Lets the metadata of trials follow the access to their projects. */
@Injectable()
export class TrialsByProjectPolicy extends MetadataAccessPolicy {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
  ) {
    super();
  }

  async canView(user: unknown, trialId: TrialId): Promise<boolean> {
    const [row] = await this.projectsOf([trialId]);
    return row !== undefined && (await this.access.canView(user, Number(row.project_id)));
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
    const rows = await this.projectsOf(trialIds);
    const editable = new Map<string, boolean>();
    for (const { project_id: project } of rows) {
      if (!editable.has(project)) editable.set(project, await this.access.canEdit(user, Number(project)));
    }
    return new Set(rows.filter((row) => editable.get(row.project_id)).map((row) => Number(row.id)));
  }

  private async projectsOf(trialIds: readonly TrialId[]): Promise<readonly TrialRow[]> {
    return await this.dataSource.query(
      `SELECT trials.id, project_id FROM trials JOIN experiments ON experiments.id = experiment_id
        WHERE trials.id = ANY ($1::bigint[])`,
      [trialIds],
    );
  }
}
