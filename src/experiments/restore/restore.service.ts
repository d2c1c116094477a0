import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { MetadataBatchService } from '../../metadata/index.js';
import { EXPERIMENTS_DATA_SOURCE } from '../experiments.constants.js';
import { ProjectCreationForbiddenError } from '../experiments.errors.js';
import { ProjectAccess } from '../project-access.js';
import {
  claimIdsStatement,
  FIND_EXPERIMENTS,
  FIND_OWNER_EXPERIMENTS,
  FIND_OWNER_PROJECTS,
  FIND_PROJECTS,
  FIND_TRIALS,
  WRITE_EXPERIMENTS,
  WRITE_PROJECTS,
  WRITE_TRIALS,
} from './restore-statements.js';
import type { RestoredExperiment, RestoredProject, RestoredTrial, RestoreResult } from './restored-rows.js';

interface FoundRow {
  readonly id: string;
  readonly owner: string;
  readonly name: string | null;
}

type Table = 'projects' | 'experiments' | 'trials';

/**
 * Takes over projects, experiments and trials of another tracker with their ids. Each call is one transaction. A row is
 * left out, and its result says why, when its id belongs to something else here. The same rows again change nothing.
 * For users who see all projects and may create some: an id is nothing that a project could own.
 */
@Injectable()
export class RestoreService {
  constructor(
    @Inject(EXPERIMENTS_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly access: ProjectAccess,
    private readonly metadata: MetadataBatchService,
  ) {}

  /** @returns one result a row, in their order @throws ProjectCreationForbiddenError */
  async projects(user: unknown, rows: readonly RestoredProject[]): Promise<readonly RestoreResult[]> {
    return await this.write(user, 'projects', rows, async (manager) => {
      const parameters = [rows.map(({ id }) => id), rows.map(({ name }) => name)];
      const found: readonly { id: string; name: string }[] = await manager.query(FIND_PROJECTS, parameters);
      const nameById = new Map(found.map(({ id, name }) => [Number(id), name]));
      const idByName = new Map(found.map(({ id, name }) => [name, Number(id)]));
      const refusalOf = ({ id, name }: RestoredProject): Error | undefined => {
        const there = nameById.get(id);
        if (there !== undefined && there !== name) return idTaken('project', id, `"${there}"`, `"${name}"`);
        const other = idByName.get(name);
        if (other === undefined || other === id) return undefined;
        return new Error(
          `There is a project "${name}" already, with the id ${other}. Rename it, or import elsewhere.`,
        );
      };
      return await this.writeAllowed(rows, refusalOf, new Set(nameById.keys()), (allowed) =>
        manager.query(WRITE_PROJECTS, [
          allowed.map(({ id }) => id),
          allowed.map(({ name }) => name),
          allowed.map(({ description }) => description),
          allowed.map(({ archived }) => archived),
          allowed.map(({ createdAt }) => createdAt.toISOString()),
        ]),
      );
    });
  }

  /** @returns one result a row, in their order @throws ProjectCreationForbiddenError */
  async experiments(user: unknown, rows: readonly RestoredExperiment[]): Promise<readonly RestoreResult[]> {
    return await this.write(user, 'experiments', rows, async (manager) => {
      const found = await findRows(manager, FIND_EXPERIMENTS, rows);
      const projects = await findIds(
        manager,
        FIND_OWNER_PROJECTS,
        rows.map(({ projectId }) => projectId),
      );
      const refusalOf = ({ id, projectId, name }: RestoredExperiment): Error | undefined => {
        const there = found.get(id);
        const isOther = there !== undefined && (Number(there.owner) !== projectId || there.name !== name);
        if (isOther)
          return idTaken('experiment', id, `"${there.name}" of project ${there.owner}`, `"${name}"`);
        return projects.has(projectId) ? undefined : new Error(`Its project ${projectId} is not here.`);
      };
      return await this.writeAllowed(rows, refusalOf, new Set(found.keys()), (allowed) =>
        manager.query(WRITE_EXPERIMENTS, [
          allowed.map(({ id }) => id),
          allowed.map(({ projectId }) => projectId),
          allowed.map(({ name }) => name),
          allowed.map(({ description }) => description),
          allowed.map(({ labels }) => JSON.stringify(labels)),
          ...runColumns(allowed),
        ]),
      );
    });
  }

  /** @returns one result a row, in their order @throws ProjectCreationForbiddenError */
  async trials(user: unknown, rows: readonly RestoredTrial[]): Promise<readonly RestoreResult[]> {
    return await this.write(user, 'trials', rows, async (manager) => {
      const found = await findRows(manager, FIND_TRIALS, rows);
      const owners = rows.map(({ experimentId }) => experimentId);
      const experiments = await findIds(manager, FIND_OWNER_EXPERIMENTS, owners);
      const refusalOf = ({ id, experimentId }: RestoredTrial): Error | undefined => {
        const there = found.get(id);
        const isOther = there !== undefined && Number(there.owner) !== experimentId;
        if (isOther) return idTaken('trial', id, `one of experiment ${there.owner}`, `of ${experimentId}`);
        return experiments.has(experimentId)
          ? undefined
          : new Error(`Its experiment ${experimentId} is not here.`);
      };
      const results = await this.writeAllowed(rows, refusalOf, new Set(found.keys()), (allowed) =>
        manager.query(WRITE_TRIALS, [
          allowed.map(({ id }) => id),
          allowed.map(({ experimentId }) => experimentId),
          ...runColumns(allowed),
        ]),
      );
      return await this.writeMetadata(user, rows, results, manager);
    });
  }

  /** A document that is refused makes its row's result an error; the row itself is there all the same. */
  private async writeMetadata(
    user: unknown,
    rows: readonly RestoredTrial[],
    results: readonly RestoreResult[],
    manager: EntityManager,
  ): Promise<readonly RestoreResult[]> {
    const places: number[] = [];
    const reports = rows.flatMap(({ id, metadata }, place) => {
      if (metadata === undefined || results[place] instanceof Error) return [];
      places.push(place);
      return [{ trialId: id, metadata }];
    });
    if (reports.length === 0) return results;
    const written = await this.metadata.setMany(reports, { user, source: 'import', manager });
    const merged = [...results];
    written.forEach((result, index) => {
      const place = places[index];
      if (place === undefined) return;
      if (result instanceof Error) merged[place] = result;
      else if (result.changed && merged[place] === 'unchanged') merged[place] = 'updated';
    });
    return merged;
  }

  private async write(
    user: unknown,
    table: Table,
    rows: readonly { readonly id: number }[],
    work: (manager: EntityManager) => Promise<readonly RestoreResult[]>,
  ): Promise<readonly RestoreResult[]> {
    await this.access.mustCreate(user);
    if ((await this.access.visibleProjects(user)) !== 'all') throw new ProjectCreationForbiddenError();
    if (rows.length === 0) return [];
    return await this.dataSource.transaction(async (manager) => {
      // Before the rows are there, so that nobody else is given their ids meanwhile.
      await manager.query(claimIdsStatement(table), [Math.max(...rows.map(({ id }) => id))]);
      return await work(manager);
    });
  }

  private async writeAllowed<Row extends { readonly id: number }>(
    rows: readonly Row[],
    refusalOf: (row: Row) => Error | undefined,
    existing: ReadonlySet<number>,
    insert: (allowed: readonly Row[]) => Promise<readonly { readonly id: string }[]>,
  ): Promise<readonly RestoreResult[]> {
    const refusals = new Map(rows.map((row) => [row, refusalOf(row)]));
    const allowed = rows.filter((row) => refusals.get(row) === undefined);
    const changed = new Set((await insert(allowed)).map(({ id }) => Number(id)));
    return rows.map((row) => {
      const refusal = refusals.get(row);
      if (refusal !== undefined) return refusal;
      if (!existing.has(row.id)) return 'created';
      return changed.has(row.id) ? 'updated' : 'unchanged';
    });
  }
}

function idTaken(what: string, id: number, there: string, wanted: string): Error {
  const place =
    'Ids are kept, so import into a master that has nothing else: a new DATA_DIR, without the demo.';
  return new Error(`The id ${id} belongs to another ${what} here, ${there}, not ${wanted}. ${place}`);
}

function runColumns(
  rows: readonly Pick<RestoredTrial, 'state' | 'archived' | 'startTime' | 'endTime'>[],
): readonly unknown[] {
  return [
    rows.map(({ state }) => state),
    rows.map(({ archived }) => archived),
    rows.map(({ startTime }) => startTime?.toISOString() ?? null),
    rows.map(({ endTime }) => endTime?.toISOString() ?? null),
  ];
}

async function findRows(
  manager: EntityManager,
  statement: string,
  rows: readonly { readonly id: number }[],
): Promise<ReadonlyMap<number, FoundRow>> {
  const found: readonly FoundRow[] = await manager.query(statement, [rows.map(({ id }) => id)]);
  return new Map(found.map((row) => [Number(row.id), row]));
}

async function findIds(
  manager: EntityManager,
  statement: string,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const found: readonly { id: string }[] = await manager.query(statement, [[...new Set(ids)]]);
  return new Set(found.map(({ id }) => Number(id)));
}
