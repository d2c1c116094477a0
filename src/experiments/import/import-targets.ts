import type { DataSource, EntityManager } from 'typeorm';
import { isEndingState } from '../entities/trial-state.js';
import { ProjectNameTakenError } from '../experiments.errors.js';
import type { ProjectAccess } from '../project-access.js';
import type { ImportLine } from './import-line.js';

/** Ids remembered at most, of projects and of experiments each; beyond it they are looked up anew. */
const REMEMBERED = 20_000;

/** A row that an earlier batch found or made is gone, or another import was first to make it: look again. */
export class StaleTargetsError extends Error {
  override readonly name = 'StaleTargetsError';
}

/** The projects that lines name: an id, that it is to be made, or why the caller may not write to it. */
export type ProjectTargets = ReadonlyMap<string, number | 'create' | Error>;

interface NamedRow {
  readonly id: string;
  readonly name: string;
}

/** Finds or makes the projects and experiments that lines name, and remembers their ids for the rest of the import. */
export class ImportTargets {
  private readonly projects = new Map<string, number | Error>();
  private readonly experiments = new Map<string, number>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    private readonly user: unknown,
  ) {}

  /** Forgets every id. */
  forget(): void {
    this.projects.clear();
    this.experiments.clear();
  }

  /** Finds the projects by name and asks whether the caller may write to them; makes none. */
  async findProjects(lines: readonly ImportLine[]): Promise<ProjectTargets> {
    const names = [...new Set(lines.map((line) => line.project))];
    const unknown = names.filter((name) => !this.projects.has(name));
    if (this.projects.size + unknown.length > REMEMBERED) this.forget();
    if (unknown.length > 0) {
      const rows: readonly NamedRow[] = await this.dataSource.query(
        'SELECT id, name FROM projects WHERE name = ANY($1::text[])',
        [unknown],
      );
      for (const { id, name } of rows) {
        const refusal = await this.whyNotWrite(Number(id), name);
        this.projects.set(name, refusal ?? Number(id));
      }
    }
    const missing = names.filter((name) => !this.projects.has(name));
    const refusal = missing.length === 0 ? undefined : await this.access.whyNotCreate(this.user);
    return new Map(names.map((name) => [name, this.projects.get(name) ?? refusal ?? 'create']));
  }

  /**
   * Makes the projects and experiments of the lines that are missing, in a transaction of its own, so that several
   * transactions can write to them; of two imports at once one waits and then finds what the other made.
   * @param projects what `findProjects` said of them
   * @throws StaleTargetsError when a remembered row is gone
   */
  async makeMissing(lines: readonly ImportLine[], projects: ProjectTargets): Promise<void> {
    const isKnown = (line: ImportLine) => {
      const project = projects.get(line.project);
      return typeof project === 'number' && this.experiments.has(experimentKey(project, line.experiment));
    };
    if (lines.every(isKnown)) return;
    const { projectIds, found } = await this.dataSource.transaction(async (manager) => {
      const made = await this.createProjects(manager, projects);
      const unknown = new Map<string, ImportLine>();
      for (const line of lines) {
        const key = experimentKey(made.get(line.project), line.experiment);
        if (!this.experiments.has(key)) unknown.set(key, line);
      }
      return { projectIds: made, found: await findOrCreateExperiments(manager, lines, unknown, made) };
    });
    if (this.experiments.size + found.size > REMEMBERED) this.experiments.clear();
    for (const [name, id] of projectIds) this.projects.set(name, id);
    for (const [key, id] of found) this.experiments.set(key, id);
  }

  /**
   * The experiment of a line, which was found or made before.
   * @throws StaleTargetsError when it was forgotten meanwhile
   */
  experimentOf({ project, experiment }: ImportLine): number {
    const projectId = this.projects.get(project);
    return idIn(this.experiments, experimentKey(Number(projectId), experiment));
  }

  /** One who may not see the project is told what he is told of a name that nobody has, as far as he may make one. */
  private async whyNotWrite(id: number, name: string): Promise<Error | undefined> {
    if (await this.access.canView(this.user, id)) return await this.access.whyNotEdit(this.user, id);
    return (await this.access.whyNotCreate(this.user)) ?? new ProjectNameTakenError(name);
  }

  private async createProjects(
    manager: EntityManager,
    targets: ProjectTargets,
  ): Promise<Map<string, number>> {
    const ids = new Map<string, number>();
    // In the order of their names, so that two imports never wait for each other in a circle.
    for (const [name, target] of [...targets].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (target instanceof Error) continue;
      ids.set(name, target === 'create' ? await this.createProject(manager, name) : target);
    }
    return ids;
  }

  private async createProject(manager: EntityManager, name: string): Promise<number> {
    const [row]: readonly { id: string }[] = await manager.query(
      `INSERT INTO projects (name, created_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id`,
      [name, new Date()],
    );
    // Somebody else made it in the meantime: whether the caller may write to it has to be asked again.
    if (row === undefined) throw new StaleTargetsError();
    await this.access.created(this.user, Number(row.id), manager);
    return Number(row.id);
  }
}

function experimentKey(projectId: number | undefined, name: string): string {
  return `${projectId}/${name}`;
}

function idIn(ids: ReadonlyMap<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new StaleTargetsError();
  return id;
}

/**
 * Locks experiments until the transaction ends: of two imports at once one waits and then finds the trials that the other
 * made.
 * @throws StaleTargetsError when one is gone
 */
export async function lockExperiments(manager: EntityManager, ids: readonly number[]): Promise<void> {
  await lockRows(manager, 'experiments', ids);
}

/** Locks rows in the order of their ids, against other imports but not against readers or rows that refer to them. */
async function lockRows(
  manager: EntityManager,
  table: 'projects' | 'experiments',
  ids: readonly number[],
): Promise<void> {
  const distinct = [...new Set(ids)];
  const rows: readonly unknown[] = await manager.query(
    `SELECT id FROM ${table} WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE`,
    [distinct],
  );
  if (rows.length < distinct.length) throw new StaleTargetsError();
}

/** @param unknown a line of each experiment, by its key @returns their ids by key */
async function findOrCreateExperiments(
  manager: EntityManager,
  lines: readonly ImportLine[],
  unknown: ReadonlyMap<string, ImportLine>,
  projectIds: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  if (unknown.size === 0) return found;
  const ids = [...unknown.values()].map((line) => idIn(projectIds, line.project));
  await lockRows(manager, 'projects', ids);
  await findExperiments(manager, unknown, projectIds, found);
  await createExperiments(manager, lines, unknown, projectIds, found);
  return found;
}

/** Of several experiments of one name the oldest is meant. */
async function findExperiments(
  manager: EntityManager,
  unknown: ReadonlyMap<string, ImportLine>,
  projectIds: ReadonlyMap<string, number>,
  found: Map<string, number>,
): Promise<void> {
  const lines = [...unknown.values()];
  const rows: readonly (NamedRow & { readonly project_id: string })[] = await manager.query(
    `SELECT min(experiments.id) AS id, project_id, name
       FROM unnest($1::bigint[], $2::text[]) AS wanted (project_id, name)
       JOIN experiments USING (project_id, name)
      GROUP BY project_id, name`,
    [lines.map((line) => idIn(projectIds, line.project)), lines.map((line) => line.experiment)],
  );
  for (const row of rows) found.set(experimentKey(Number(row.project_id), row.name), Number(row.id));
}

/** A new experiment is COMPLETED when all its trials that came along have ended, otherwise ACTIVE. */
async function createExperiments(
  manager: EntityManager,
  lines: readonly ImportLine[],
  unknown: ReadonlyMap<string, ImportLine>,
  projectIds: ReadonlyMap<string, number>,
  found: Map<string, number>,
): Promise<void> {
  const missing = [...unknown].filter(([key]) => !found.has(key));
  if (missing.length === 0) return;
  const running = new Set(
    lines
      .filter((line) => line.state === undefined || !isEndingState(line.state))
      .map((line) => experimentKey(projectIds.get(line.project), line.experiment)),
  );
  const rows: readonly (NamedRow & { readonly project_id: string })[] = await manager.query(
    `INSERT INTO experiments (project_id, name, state)
     SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
     RETURNING id, project_id, name`,
    [
      missing.map(([, line]) => idIn(projectIds, line.project)),
      missing.map(([, line]) => line.experiment),
      missing.map(([key]) => (running.has(key) ? 'ACTIVE' : 'COMPLETED')),
    ],
  );
  for (const row of rows) found.set(experimentKey(Number(row.project_id), row.name), Number(row.id));
}
