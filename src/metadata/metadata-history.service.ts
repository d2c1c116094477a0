import { Injectable } from '@nestjs/common';
import { parseStored } from './accept-document.js';
import { TrialAccess } from './access/trial-access.js';
import type { JsonObject, JsonValue } from './document/index.js';
import { InvalidRequestError } from './metadata.errors.js';
import { checkPageSize } from './page-size.js';
import { revisionChanges, type RevisionChange } from './revision-changes.js';
import type { ChangeSource } from './storage/change-source.js';
import { MetadataStore } from './storage/metadata-store.js';
import type { HistoryRow } from './storage/read-statements.js';
import { parseTrialId, type TrialId } from './storage/trial-id.js';

/** One revision of a trial's metadata. */
export interface Revision {
  readonly revision: number;
  /** ISO 8601 in UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  readonly source: ChangeSource;
  /** Sorted by field; fields that came have no `before`, those that went no `after`. */
  readonly changes: readonly RevisionChange[];
}

/** One page, newest first; `next` goes into `after` of the request for the next page. */
export interface HistoryPage {
  readonly items: readonly Revision[];
  readonly next: string | null;
}

export interface HistoryRequest {
  /** 1 to 200; 40 by default. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

const CURSOR = /^[1-9][0-9]{0,8}$/;

/** Reads who changed which fields of a trial's metadata, when, from what to what. */
@Injectable()
export class MetadataHistoryService {
  constructor(
    private readonly store: MetadataStore,
    private readonly access: TrialAccess,
  ) {}

  /** @throws TrialNotFoundError, InvalidRequestError for a limit or cursor that is none */
  async history(user: unknown, trialId: TrialId, request: HistoryRequest = {}): Promise<HistoryPage> {
    const limit = checkPageSize(request.limit);
    const before = request.after === undefined ? undefined : revisionOf(request.after);
    const id = parseTrialId(trialId, this.store.tables.trialIdType);
    await this.access.mustView(user, id);
    const found = await this.store.history(id, before, limit + 1);
    const rows = found.slice(0, limit);
    const newest = rows[0];
    if (newest === undefined) {
      await this.store.read(id); // tells a trial without history from one that is not there
      return { items: [], next: null };
    }
    const { metadata } = await this.store.readAsOf(id, newest.revision);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      items: revisionsOf(rows, parseStored(metadata ?? '{}')),
      next: last === undefined ? null : String(last.revision),
    };
  }
}

function revisionOf(cursor: string): number {
  if (CURSOR.test(cursor)) return Number(cursor);
  const message = '"after" is no cursor of a history. Pass `next` of the page before, or leave it out.';
  throw InvalidRequestError.at('after', 'invalid_cursor', message);
}

/** Walks back from the document after the newest revision: what a revision replaced is what the one before left. */
function revisionsOf(rows: readonly HistoryRow[], newest: JsonObject): readonly Revision[] {
  const document = new Map(newest);
  return rows.map((row) => {
    const before = parseStored(row.replaced);
    const keys = [...before.keys(), ...row.added];
    const after = new Map(
      keys.flatMap((key) => (document.has(key) ? [[key, document.get(key) as JsonValue]] : [])),
    );
    for (const key of row.added) document.delete(key);
    for (const [key, value] of before) document.set(key, value);
    return {
      revision: row.revision,
      updatedAt: row.updated_at,
      updatedBy: row.updated_by,
      source: row.source as ChangeSource, // the table holds what the statements wrote
      changes: revisionChanges(before, after),
    };
  });
}
