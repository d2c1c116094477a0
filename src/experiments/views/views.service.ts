import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  FOREIGN_KEY_VIOLATION,
  METADATA_OPTIONS,
  sqlStateOf,
  UNIQUE_VIOLATION,
  writeJson,
  type CheckedMetadataOptions,
} from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectNotFoundError, ViewNameTakenError, ViewNotFoundError } from '../experiments.errors.js';
import { ProjectAccess } from '../project-access.js';
import type { ProjectView, ViewTable } from './project-view.js';
import type { ChangeView, CreateView } from './view-bodies.js';

const COLUMNS = `id, project_id, table_name, name, search::text AS search, created_at, updated_at, updated_by`;

interface ViewRow {
  readonly id: string;
  readonly project_id: string;
  readonly table_name: ViewTable;
  readonly name: string;
  readonly search: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly updated_by: string | null;
}

/** Use cases of the views that a project keeps. Every one asks whether the user may. */
@Injectable()
export class ViewsService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  /** @throws ProjectNotFoundError, ProjectEditForbiddenError, ViewNameTakenError */
  async create(user: unknown, projectId: number, { name, table, search }: CreateView): Promise<ProjectView> {
    await this.access.mustEdit(user, projectId);
    const write = this.select(
      `INSERT INTO project_views (project_id, table_name, name, search, created_at, updated_at, updated_by)
       VALUES ($1, $2, $3, $4::jsonb, $5, $5, $6) RETURNING ${COLUMNS}`,
      [projectId, table, name, writeJson(search), new Date(), this.options.author(user)],
    );
    const [view] = await explained(write, projectId, name);
    if (view === undefined) throw new ProjectNotFoundError(projectId);
    return view;
  }

  /**
   * The views of a project in the order of their ids, from the first after `afterId`; of one table when it is named.
   * @throws ProjectNotFoundError
   */
  async list(
    user: unknown,
    projectId: number,
    { table, afterId, limit }: { readonly table?: ViewTable | undefined; afterId: number; limit: number },
  ): Promise<readonly ProjectView[]> {
    await this.access.mustView(user, projectId);
    const [project] = await this.dataSource.query<unknown[]>('SELECT FROM projects WHERE id = $1', [
      projectId,
    ]);
    if (project === undefined) throw new ProjectNotFoundError(projectId);
    return await this.select(
      `SELECT ${COLUMNS} FROM project_views
        WHERE project_id = $1 AND id > $2 AND ($3::text IS NULL OR table_name = $3) ORDER BY id LIMIT $4`,
      [projectId, afterId, table ?? null, limit],
    );
  }

  /** @throws ProjectNotFoundError, ViewNotFoundError */
  async get(user: unknown, projectId: number, id: number): Promise<ProjectView> {
    await this.access.mustView(user, projectId);
    const [view] = await this.select(
      `SELECT ${COLUMNS} FROM project_views WHERE project_id = $1 AND id = $2`,
      [projectId, id],
    );
    if (view === undefined) throw new ViewNotFoundError(projectId, id);
    return view;
  }

  /** @throws ProjectNotFoundError, ProjectEditForbiddenError, ViewNotFoundError, ViewNameTakenError */
  async change(user: unknown, projectId: number, id: number, body: ChangeView): Promise<ProjectView> {
    await this.access.mustEdit(user, projectId);
    const search = body.search === undefined ? null : writeJson(body.search);
    const write = this.select(
      `WITH changed AS (
         UPDATE project_views
            SET name = coalesce($3, name), search = coalesce($4::jsonb, search), updated_at = $5, updated_by = $6
          WHERE project_id = $1 AND id = $2 RETURNING *)
       SELECT ${COLUMNS} FROM changed`,
      [projectId, id, body.name ?? null, search, new Date(), this.options.author(user)],
    );
    const [view] = await explained(write, projectId, body.name ?? '');
    if (view === undefined) throw new ViewNotFoundError(projectId, id);
    return view;
  }

  /** @throws ProjectNotFoundError, ProjectEditForbiddenError, ViewNotFoundError */
  async delete(user: unknown, projectId: number, id: number): Promise<void> {
    await this.access.mustEdit(user, projectId);
    const [view] = await this.select(
      `WITH gone AS (DELETE FROM project_views WHERE project_id = $1 AND id = $2 RETURNING *)
       SELECT ${COLUMNS} FROM gone`,
      [projectId, id],
    );
    if (view === undefined) throw new ViewNotFoundError(projectId, id);
  }

  private async select(statement: string, values: readonly unknown[]): Promise<readonly ProjectView[]> {
    const rows = await this.dataSource.query<readonly ViewRow[]>(statement, [...values]);
    return rows.map((row) => ({
      id: Number(row.id),
      projectId: Number(row.project_id),
      table: row.table_name,
      name: row.name,
      search: row.search,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
    }));
  }
}

async function explained<T>(write: Promise<T>, projectId: number, name: string): Promise<T> {
  try {
    return await write;
  } catch (error) {
    // Told by the code alone: the constraint's name differs where tables are distributed.
    if (sqlStateOf(error) === UNIQUE_VIOLATION) throw new ViewNameTakenError(name);
    if (sqlStateOf(error) === FOREIGN_KEY_VIOLATION) throw new ProjectNotFoundError(projectId);
    throw error;
  }
}
