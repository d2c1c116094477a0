import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { TrialAccess } from '../access/trial-access.js';
import { formatPath, type Path } from '../document/index.js';
import { TextIndexesUnavailableError } from '../metadata.errors.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import type { DocumentIndexes, Sql } from '../query/index.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { runSql } from '../storage/run-sql.js';
import { parseAdvisorNote, type AdvisorNote } from './advisor-note.js';
import { FieldIndexBuilder } from './field-index-builder.js';
import {
  catalogStatement,
  indexNames,
  targetOfIndex,
  TEXTS_INDEX,
  trigramOperatorsStatement,
  type CatalogRow,
} from './index-catalog.js';
import { fieldOf, INDEX_KINDS, targetKey, type IndexKind, type IndexTarget } from './index-target.js';

/** The index of a field. */
export interface FieldIndex {
  /** As filters name it, `metadata.` included. */
  readonly field: string;
  readonly kind: IndexKind;
  /** `failed`: the building was broken off; asking for the index again starts anew. */
  readonly state: 'building' | 'ready' | 'failed';
  /** How far the building is, from 0 to 1; absent when it is over. */
  readonly progress?: number;
  readonly bytes: number;
  /** How many scans used it since the server's statistics began. */
  readonly uses: number;
  /**
   * `administrator`: by the options `indexedFields` and `indexedTexts` or by request; only what the advisor made is dropped
   * by it. Known once the index is ready.
   */
  readonly madeBy: 'administrator' | 'advisor';
}

/** An index as the catalog has it. */
export interface FoundIndex extends FieldIndex, IndexTarget {
  /** When a scan last used it, where the server keeps that. */
  readonly scannedAt: Date | undefined;
  readonly note: AdvisorNote | undefined;
}

/** Milliseconds for which a look at the catalog holds: another master's index is used, or forgotten, that much later. */
const CATALOG_AGE = 5_000;

/**
 * Keeps the indexes of fields, of their values and of their texts. What there is stands in the database's catalog alone, so that
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

  /** Builds, in the background, what the options name and is not there yet. */
  async onApplicationBootstrap(): Promise<void> {
    const { indexedFields, indexedTexts } = this.options;
    const wanted = [
      ...indexedFields.map((path): IndexTarget => ({ path, kind: 'values' })),
      ...indexedTexts.map((path): IndexTarget => ({ path, kind: 'texts' })),
    ];
    if (wanted.length === 0) return;
    const found = new Map((await this.found()).map((index) => [targetKey(index), index]));
    for (const target of wanted) {
      const index = found.get(targetKey(target));
      if (index?.state !== 'ready') this.builder.build(target);
      else if (index.madeBy === 'advisor') await this.builder.write(target, undefined);
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
    const known = new Set(listed.map(targetKey));
    const waiting = [...this.builder.pending].flatMap(([key, target]) =>
      known.has(key) ? [] : [beginning(target)],
    );
    return [...listed.map(shown), ...waiting].sort(byFieldAndKind);
  }

  /**
   * Begins to build the index of a field, or does nothing when it is there. Writers are not kept waiting. One that the
   * advisor made is the administrator's from then on.
   * @throws IndexesForbiddenError, TextIndexesUnavailableError
   */
  async create(user: unknown, path: Path, kind: IndexKind = 'values'): Promise<FieldIndex> {
    const target = { path, kind };
    const field = fieldOf(target);
    const found = (await this.list(user)).find((index) => index.field === field && index.kind === kind);
    if (found === undefined || found.state === 'failed') {
      if (kind === 'texts' && !(await this.hasTrigrams())) throw new TextIndexesUnavailableError();
      this.builder.build(target);
      return beginning(target);
    }
    if (found.madeBy === 'administrator') return found;
    await this.builder.write(target, undefined);
    return { ...found, madeBy: 'administrator' };
  }

  /** Drops the index of a field, or does nothing when there is none. @throws IndexesForbiddenError */
  async drop(user: unknown, path: Path, kind: IndexKind = 'values'): Promise<void> {
    await this.access.mustManageIndexes(user);
    await this.builder.alone(() => this.builder.dropNow({ path, kind }));
  }

  /** Resolves when nothing is being built any more. */
  async settled(): Promise<void> {
    await this.builder.settled();
  }

  /** Whether the database can have indexes of texts. */
  async hasTrigrams(): Promise<boolean> {
    return (await this.run(trigramOperatorsStatement())).length > 0;
  }

  /** The indexes that the catalog has. */
  async found(): Promise<readonly FoundIndex[]> {
    const rows = await this.run<CatalogRow>(catalogStatement(this.tables, true));
    return rows.flatMap((row) => this.indexOf(row) ?? []);
  }

  private async readCurrent(): Promise<DocumentIndexes> {
    const rows = await this.run<CatalogRow>(catalogStatement(this.tables, false));
    const valid = new Map(rows.filter((row) => row.valid).map((row) => [row.name, row]));
    const targets = [...valid.values()].flatMap((row) => {
      const target = targetOfIndex(row);
      return target !== undefined && indexNames(target).every((name) => valid.has(name)) ? [target] : [];
    });
    const pathsOf = (wanted: IndexKind) =>
      new Map(targets.flatMap(({ path, kind }) => (kind === wanted ? [[formatPath(path), path]] : [])));
    return { fields: pathsOf('values'), texts: valid.has(TEXTS_INDEX), fieldTexts: pathsOf('texts') };
  }

  private indexOf(row: CatalogRow): FoundIndex | undefined {
    const target = targetOfIndex(row);
    if (target === undefined) return undefined;
    // Of its own ones this process knows more: one is ready when its searches use it.
    const isPending = this.builder.pending.has(targetKey(target));
    const isBuilding = isPending || (!row.valid && row.progress !== null);
    const note = parseAdvisorNote(row.comment);
    return {
      ...target,
      field: fieldOf(target),
      state: isBuilding ? 'building' : row.valid ? 'ready' : 'failed',
      ...(isBuilding ? { progress: row.valid ? 1 : (row.progress ?? 0) } : {}),
      bytes: Number(row.bytes),
      uses: Number(row.scans ?? 0),
      madeBy: note === undefined ? 'administrator' : 'advisor',
      scannedAt: row.scannedAt === null ? undefined : new Date(row.scannedAt),
      note,
    };
  }

  private async run<Row>(statement: Sql): Promise<Row[]> {
    return await runSql<Row>(this.dataSource, statement);
  }
}

function beginning(target: IndexTarget): FieldIndex {
  const { kind } = target;
  const field = fieldOf(target);
  return { field, kind, state: 'building', progress: 0, bytes: 0, uses: 0, madeBy: 'administrator' };
}

function byFieldAndKind(one: FieldIndex, other: FieldIndex): number {
  if (one.field !== other.field) return one.field < other.field ? -1 : 1;
  return INDEX_KINDS.indexOf(one.kind) - INDEX_KINDS.indexOf(other.kind);
}

function shown({ path: _path, scannedAt: _scannedAt, note: _note, ...index }: FoundIndex): FieldIndex {
  return index;
}
