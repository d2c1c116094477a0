import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { formatPath, type Path } from '../document/index.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { DocumentIndexes, Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { runSql } from '../storage/run-sql.js';
import { parseAdvisorNote, type AdvisorNote } from './advisor-note.js';
import { FieldIndexBuilder } from './field-index-builder.js';
import {
  catalogStatement,
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
  /**
   * `administrator`: by the option `indexedFields` or by request; only what the advisor made is dropped by it. Known once
   * the index is ready.
   */
  readonly madeBy: 'administrator' | 'advisor';
}

/** An index as the catalog has it. */
export interface FoundIndex extends FieldIndex {
  readonly path: Path;
  /** When a scan last used it, where the server keeps that. */
  readonly scannedAt: Date | undefined;
  readonly note: AdvisorNote | undefined;
}

/** Milliseconds for which a look at the catalog holds: another master's index is used, or forgotten, that much later. */
const CATALOG_AGE = 5_000;

/**
 * Keeps the indexes of fields, which serve sorts and ranges. What there is stands in the database's catalog alone, so that
 * all masters of a database know the same, and an index that somebody drops by hand is simply gone.
 */
@Injectable()
export class FieldIndexesService implements OnApplicationBootstrap {
  private known:
    | { readonly indexes: Promise<DocumentIndexes>; readonly until: number; readonly version: number }
    | undefined;

  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly access: TrialAccess,
    private readonly builder: FieldIndexBuilder,
  ) {}

  /** Builds, in the background, what the option `indexedFields` names and is not there yet. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.options.indexedFields.length === 0) return;
    const found = new Map((await this.found()).map((index) => [index.field, index]));
    for (const path of this.options.indexedFields) {
      const index = found.get(`metadata.${formatPath(path)}`);
      if (index?.state !== 'ready') this.builder.build(path);
      else if (index.madeBy === 'advisor') await this.builder.write(path, undefined);
    }
  }

  /** The indexes that queries may count on. */
  async current(): Promise<DocumentIndexes> {
    const now = Date.now();
    const { version } = this.builder;
    if (this.known === undefined || now > this.known.until || version !== this.known.version) {
      const indexes = this.readCurrent();
      this.known = { indexes, until: now + CATALOG_AGE, version };
      // Not kept: the next query looks again.
      indexes.catch(() => (this.known = undefined));
    }
    return await this.known.indexes;
  }

  /** @throws IndexesForbiddenError */
  async list(user: unknown): Promise<readonly FieldIndex[]> {
    await this.access.mustManageIndexes(user);
    const listed = await this.found();
    const waiting = [...this.builder.pending]
      .map((path) => `metadata.${path}`)
      .filter((field) => !listed.some((index) => index.field === field))
      .map(beginning);
    return [...listed.map(shown), ...waiting].sort((a, b) => (a.field < b.field ? -1 : 1));
  }

  /**
   * Begins to build the index of a field, or does nothing when it is there. Writers are not kept waiting. One that the
   * advisor made is the administrator's from then on.
   * @throws IndexesForbiddenError
   */
  async create(user: unknown, path: Path): Promise<FieldIndex> {
    const field = `metadata.${formatPath(path)}`;
    const found = (await this.list(user)).find((index) => index.field === field);
    if (found === undefined || found.state === 'failed') {
      this.builder.build(path);
      return beginning(field);
    }
    if (found.madeBy === 'administrator') return found;
    await this.builder.write(path, undefined);
    return { ...found, madeBy: 'administrator' };
  }

  /** Drops the index of a field, or does nothing when there is none. @throws IndexesForbiddenError */
  async drop(user: unknown, path: Path): Promise<void> {
    await this.access.mustManageIndexes(user);
    await this.builder.alone(() => this.builder.dropNow(path));
  }

  /** Resolves when nothing is being built any more. */
  async settled(): Promise<void> {
    await this.builder.settled();
  }

  /** The indexes that the catalog has. */
  async found(): Promise<readonly FoundIndex[]> {
    const rows = await this.run<CatalogRow>(catalogStatement(this.tables, true));
    return rows.flatMap((row) => this.indexOf(row) ?? []);
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

  private indexOf(row: CatalogRow): FoundIndex | undefined {
    const path = pathOfIndex(row);
    if (path === undefined) return undefined;
    const name = formatPath(path);
    const isBuilding = !row.valid && (row.progress !== null || this.builder.pending.has(name));
    const note = parseAdvisorNote(row.comment);
    return {
      field: `metadata.${name}`,
      state: row.valid ? 'ready' : isBuilding ? 'building' : 'failed',
      ...(isBuilding ? { progress: row.progress ?? 0 } : {}),
      bytes: Number(row.bytes),
      uses: Number(row.scans ?? 0),
      madeBy: note === undefined ? 'administrator' : 'advisor',
      path,
      scannedAt: row.scannedAt === null ? undefined : new Date(row.scannedAt),
      note,
    };
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    return await runSql<Row>(this.dataSource, statement);
  }
}

function beginning(field: string): FieldIndex {
  return { field, state: 'building', progress: 0, bytes: 0, uses: 0, madeBy: 'administrator' };
}

function shown({ path: _path, scannedAt: _scannedAt, note: _note, ...index }: FoundIndex): FieldIndex {
  return index;
}
