import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  acceptDocument,
  limitProblems,
  mergeKeys,
  parseStored,
  type MetadataInput,
} from './accept-document.js';
import { TrialAccess } from './access/trial-access.js';
import { mergePatch, RawJson, writeJson, type JsonObject } from './document/index.js';
import { InvalidRequestError, RevisionConflictError, RevisionNotFoundError } from './metadata.errors.js';
import type { CheckedMetadataOptions } from './metadata.options.js';
import { METADATA_OPTIONS } from './metadata.tokens.js';
import { MetadataRecord, recordOf } from './metadata-record.js';
import type { ChangeSource } from './storage/change-source.js';
import { MetadataStore, type Write } from './storage/metadata-store.js';
import { parseTrialId, type TrialId } from './storage/trial-id.js';
import type { WriteRow } from './storage/write-statement.js';

/** What may be said about any use of one trial. */
export interface TransactionOptions {
  /**
   * The caller's transaction: what is written is there with it or not at all, and trials that it made are found. Absent: one of
   * its own. The policy is asked outside of it; for a trial that nobody else can see yet, pass a `TrustedUser`.
   */
  readonly manager?: EntityManager | undefined;
}

/** What may be said about any write to one trial. */
export interface WriteOptions extends TransactionOptions {
  /** Write only if the trial is at one of these revisions: the `If-Match` of HTTP. Absent: at any. */
  readonly ifRevision?: readonly number[] | undefined;
}

/**
 * Reports, changes and reads the metadata of one trial. `user` is handed to the access policy and to the option
 * `author`; the host's own code passes a {@link TrustedUser}.
 *
 * Every method throws TrialNotFoundError for a trial that is not there or that the user may not see, and
 * InvalidRequestError for input that is wrong; every write throws EditForbiddenError, and RevisionConflictError when
 * `ifRevision` does not hold. A write that would change nothing makes no revision.
 */
@Injectable()
export class MetadataService {
  constructor(
    private readonly store: MetadataStore,
    private readonly access: TrialAccess,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
  ) {}

  async get(user: unknown, trialId: TrialId, { manager }: TransactionOptions = {}): Promise<MetadataRecord> {
    const id = await this.viewable(user, trialId);
    return recordOf(id, await this.store.read(id, manager));
  }

  /** The metadata as of a revision; revision 0 is `{}`. @throws RevisionNotFoundError */
  async getAsOf(user: unknown, trialId: TrialId, revision: number): Promise<MetadataRecord> {
    const id = await this.viewable(user, trialId);
    return await this.readAsOf(id, revision);
  }

  /** Each top-level key given replaces that key; the others stay. One atomic statement. */
  async report(
    user: unknown,
    trialId: TrialId,
    metadata: MetadataInput,
    options: WriteOptions = {},
  ): Promise<MetadataRecord> {
    const id = await this.editable(user, trialId);
    const document = acceptDocument(metadata);
    const { manager } = options;
    if (limitProblems(document, this.options.limits).length > 0) {
      // Never written: what the trial holds may break limits too, and the answer is to list them all.
      const { metadata: stored } = await this.store.read(id, manager);
      this.checkLimits(mergeKeys(stored, document));
      this.checkLimits(document);
    }
    const write = this.writeOf(user, 'report', 'merge', writeJson(document), options);
    for (;;) {
      const row = await this.store.write(id, write, manager);
      const isTooLarge = row.expected && row.changes && !row.fits;
      if (!isTooLarge) return await this.settle(id, row, options);
      this.checkLimits(mergeKeys(row.metadata, document));
      // The statement counts a little more than the limits do. What was just checked goes in, unless it has changed.
      const checked = { ...write, limits: null, ifRevision: [row.revision] };
      const retried = await this.store.write(id, checked, manager);
      if (retried.written || !retried.changes) return recordOf(id, retried);
    }
  }

  /** Replaces the whole document. */
  async set(
    user: unknown,
    trialId: TrialId,
    metadata: MetadataInput,
    options: WriteOptions = {},
  ): Promise<MetadataRecord> {
    const id = await this.editable(user, trialId);
    const document = acceptDocument(metadata);
    this.checkLimits(document);
    return await this.replace(
      id,
      this.writeOf(user, 'set', 'replace', writeJson(document), options),
      options,
    );
  }

  /** Merges a patch into the document, in depth, as RFC 7396 says: `null` deletes. */
  async patch(
    user: unknown,
    trialId: TrialId,
    patch: MetadataInput,
    options: WriteOptions = {},
  ): Promise<MetadataRecord> {
    const id = await this.editable(user, trialId);
    const changes = acceptDocument(patch);
    for (;;) {
      const record = await this.store.transaction(options.manager, (manager) =>
        this.patchLocked(user, id, changes, options, manager),
      );
      if (record !== undefined) return record;
    }
  }

  /** Leaves the trial without metadata, at a new revision. */
  async clear(user: unknown, trialId: TrialId, options: WriteOptions = {}): Promise<MetadataRecord> {
    const id = await this.editable(user, trialId);
    return await this.replace(id, this.writeOf(user, 'delete', 'replace', '{}', options), options);
  }

  /** Makes a new revision whose document is that of an earlier one. @throws RevisionNotFoundError */
  async revert(
    user: unknown,
    trialId: TrialId,
    revision: number,
    options: WriteOptions = {},
  ): Promise<MetadataRecord> {
    const id = await this.editable(user, trialId);
    const { metadata } = await this.readAsOf(id, revision, options);
    return await this.replace(id, this.writeOf(user, 'revert', 'replace', metadata.text, options), options);
  }

  /** Undefined: the trial had no metadata to lock, and another made its first revision meanwhile. */
  private async patchLocked(
    user: unknown,
    id: TrialId,
    changes: JsonObject,
    options: WriteOptions,
    manager: EntityManager,
  ): Promise<MetadataRecord | undefined> {
    const stored = await this.store.lock(id, manager);
    if (options.ifRevision !== undefined && !options.ifRevision.includes(stored.revision)) {
      throw await this.conflict(id, stored.revision, options.ifRevision, manager);
    }
    const merged = mergePatch(parseStored(stored.metadata), changes);
    this.checkLimits(merged);
    const write = this.writeOf(user, 'patch', 'replace', writeJson(merged), {
      ifRevision: [stored.revision],
    });
    const row = await this.store.write(id, write, manager);
    return row.expected ? recordOf(id, row) : undefined;
  }

  private async replace(id: TrialId, write: Write, options: WriteOptions): Promise<MetadataRecord> {
    return await this.settle(id, await this.store.write(id, write, options.manager), options);
  }

  private async settle(
    id: TrialId,
    row: WriteRow,
    { ifRevision, manager }: WriteOptions,
  ): Promise<MetadataRecord> {
    if (ifRevision !== undefined && !row.expected)
      throw await this.conflict(id, row.revision, ifRevision, manager);
    return recordOf(id, row);
  }

  private async conflict(
    id: TrialId,
    current: number,
    expected: readonly number[],
    manager?: EntityManager,
  ): Promise<RevisionConflictError> {
    const since = Math.max(...expected.filter((revision) => revision < current));
    const keys = Number.isFinite(since) ? await this.store.changedKeys(id, since, manager) : [];
    return new RevisionConflictError(expected, current, keys);
  }

  private async readAsOf(
    id: TrialId,
    revision: number,
    { manager }: TransactionOptions = {},
  ): Promise<MetadataRecord> {
    const row = await this.store.readAsOf(id, revision, manager);
    const { metadata, updated_at: updatedAt, updated_by: updatedBy } = row;
    if (metadata === null) throw new RevisionNotFoundError(revision, row.current);
    return new MetadataRecord(id, new RawJson(metadata), revision, updatedAt, updatedBy);
  }

  private writeOf(
    user: unknown,
    source: ChangeSource,
    mode: Write['mode'],
    document: string,
    { ifRevision }: WriteOptions,
  ): Write {
    const { documentBytes, leafValues } = this.options.limits;
    // A document that replaces the whole was measured before; only a merge can grow one.
    const limits = mode === 'merge' ? { documentBytes, leafValues } : null;
    return { source, mode, document, ifRevision, limits, author: this.options.author(user) };
  }

  private checkLimits(document: JsonObject): void {
    const problems = limitProblems(document, this.options.limits);
    if (problems.length > 0) throw new InvalidRequestError(problems);
  }

  private async viewable(user: unknown, trialId: TrialId): Promise<TrialId> {
    const id = parseTrialId(trialId, this.store.tables.trialIdType);
    await this.access.mustView(user, id);
    return id;
  }

  private async editable(user: unknown, trialId: TrialId): Promise<TrialId> {
    const id = parseTrialId(trialId, this.store.tables.trialIdType);
    await this.access.mustEdit(user, id);
    return id;
  }
}
