import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { formatPath, type Path } from '../document/index.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { DocumentIndexes, Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import {
  catalogStatement,
  createStatements,
  dropStatement,
  fieldIndexNames,
  pathOfIndex,
  TEXTS_INDEX,
  type CatalogRow,
} from './index-catalog.js';

/** The index of a field. */
export interface FieldIndex {
  /** As filters name it, `metadata.` included. */
  readonly field: string;
  /** `failed`: the building was broken off; asking for the index again starts anew. */
  readonly state: 'building' | 'ready' | 'failed';
  /** How far the building is, from 0 to 1; absent when it is over. */
  readonly progress?: number;
  readonly bytes: number;
  /** How many scans used it since the server's statistics began. */
  readonly uses: number;
}

/** Milliseconds for which a look at the catalog holds: another master's index is used, or forgotten, that much later. */
const CATALOG_AGE = 5_000;

/**
 * Keeps the indexes of fields, which serve sorts and ranges. What there is stands in the database's catalog alone, so that
 * all masters of a database know the same, and an index that somebody drops by hand is simply gone.
 */
@Injectable()
export class FieldIndexesService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(FieldIndexesService.name);
  private readonly building = new Set<string>();
  private turn: Promise<void> = Promise.resolve();
  private known: { readonly indexes: Promise<DocumentIndexes>; readonly until: number } | undefined;
  private stopped = false;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly access: TrialAccess,
  ) {}

  /** Builds, in the background, what the option `indexedFields` names and is not there yet. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.options.indexedFields.length === 0) return;
    const { fields } = await this.current();
    for (const path of this.options.indexedFields) if (!fields.has(formatPath(path))) this.build(path);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.turn;
  }

  /** The indexes that queries may count on. */
  async current(): Promise<DocumentIndexes> {
    const now = Date.now();
    if (this.known === undefined || now > this.known.until) {
      const indexes = this.readCurrent();
      this.known = { indexes, until: now + CATALOG_AGE };
      // Not kept: the next query looks again.
      indexes.catch(() => (this.known = undefined));
    }
    return await this.known.indexes;
  }

  /** @throws IndexesForbiddenError */
  async list(user: unknown): Promise<readonly FieldIndex[]> {
    await this.access.mustManageIndexes(user);
    const rows = await this.run<CatalogRow>(catalogStatement(this.tables, true));
    const listed = rows.flatMap((row) => this.indexOf(row) ?? []);
    const waiting = [...this.building]
      .map((path) => `metadata.${path}`)
      .filter((field) => !listed.some((index) => index.field === field))
      .map((field) => ({ field, state: 'building' as const, progress: 0, bytes: 0, uses: 0 }));
    return [...listed, ...waiting].sort((a, b) => (a.field < b.field ? -1 : 1));
  }

  /**
   * Begins to build the index of a field, or does nothing when it is there. Writers are not kept waiting.
   * @throws IndexesForbiddenError
   */
  async create(user: unknown, path: Path): Promise<FieldIndex> {
    const field = `metadata.${formatPath(path)}`;
    const found = (await this.list(user)).find((index) => index.field === field);
    if (found !== undefined && found.state !== 'failed') return found;
    this.build(path);
    return { field, state: 'building', progress: 0, bytes: 0, uses: 0 };
  }

  /** Drops the index of a field, or does nothing when there is none. @throws IndexesForbiddenError */
  async drop(user: unknown, path: Path): Promise<void> {
    await this.access.mustManageIndexes(user);
    // In turn with the building: at once the two would wait for each other, and the database would break one off.
    const dropped = this.turn.then(() => this.dropBoth(path));
    this.turn = dropped.catch(() => undefined);
    await dropped;
  }

  /** Resolves when nothing is being built any more. */
  async settled(): Promise<void> {
    await this.turn;
  }

  private build(path: Path): void {
    const name = formatPath(path);
    if (this.building.has(name)) return;
    this.building.add(name);
    // One after the other: two at once would wait for each other's snapshots.
    this.turn = this.turn.then(() => this.buildNow(path)).finally(() => this.building.delete(name));
  }

  private async buildNow(path: Path): Promise<void> {
    if (this.stopped) return;
    try {
      const rows = await this.run<CatalogRow>(catalogStatement(this.tables, true));
      const names = Object.values(fieldIndexNames(path));
      const remains = rows.filter(
        ({ name, valid, progress }) => names.includes(name) && !valid && progress === null,
      );
      for (const { name } of remains) await this.run(dropStatement(this.tables, name));
      for (const statement of createStatements(this.tables, path)) await this.run(statement);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.logger.warn(`The index of ${formatPath(path)} was not built: ${reason}`);
    } finally {
      this.known = undefined;
    }
  }

  private async dropBoth(path: Path): Promise<void> {
    const { values, large } = fieldIndexNames(path);
    // First that of the values: without the other one it would be used as if it held all of them.
    for (const name of [values, large]) await this.run(dropStatement(this.tables, name));
    this.known = undefined;
  }

  private async readCurrent(): Promise<DocumentIndexes> {
    const rows = await this.run<CatalogRow>(catalogStatement(this.tables, false));
    const valid = new Map(rows.filter((row) => row.valid).map((row) => [row.name, row]));
    const paths = [...valid.values()].flatMap((row) => {
      const path = pathOfIndex(row);
      return path !== undefined && valid.has(fieldIndexNames(path).large) ? [path] : [];
    });
    return {
      fields: new Map(paths.map((path) => [formatPath(path), path])),
      texts: valid.has(TEXTS_INDEX),
    };
  }

  private indexOf(row: CatalogRow): FieldIndex | undefined {
    const path = pathOfIndex(row);
    if (path === undefined) return undefined;
    const name = formatPath(path);
    const isBuilding = !row.valid && (row.progress !== null || this.building.has(name));
    return {
      field: `metadata.${name}`,
      state: row.valid ? 'ready' : isBuilding ? 'building' : 'failed',
      ...(isBuilding ? { progress: row.progress ?? 0 } : {}),
      bytes: Number(row.bytes),
      uses: Number(row.scans ?? 0),
    };
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    const { text, values } = statement.toPositional();
    return await this.dataSource.query<Row[]>(text, [...values]);
  }
}
