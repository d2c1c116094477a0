import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { parseStored } from '../accept-document.js';
import { TrialAccess } from '../access/trial-access.js';
import { ChangesForgottenError, ChangesOffError } from '../metadata.errors.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_DATA_SOURCE, METADATA_OPTIONS, METADATA_TABLE_NAMES } from '../metadata.tokens.js';
import { CursorCodec, sql, TRUE, type Sql } from '../query/index.js';
import { checkPageSize } from '../page-size.js';
import { readOnly, type RunSql } from '../read-only.js';
import { revisionChanges, type RevisionChange } from '../revision-changes.js';
import type { ChangeSource } from '../storage/change-source.js';
import type { MetadataTableNames } from '../storage/metadata-tables.js';
import { parseTrialId, type TrialId } from '../storage/trial-id.js';
import {
  changesStatement,
  latestStatement,
  listStateStatement,
  type ChangePlace,
  type ChangeRow,
  type ListState,
} from './change-statements.js';

/** One revision of some trial. */
export interface TrialChange {
  readonly trialId: TrialId;
  readonly revision: number;
  /** ISO 8601 in UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  /** Null when `missing` says why. */
  readonly source: ChangeSource | null;
  /** As in the history; null when `missing` says why. */
  readonly changes: readonly RevisionChange[] | null;
  /** Why only trial and revision are known: the trial was deleted, or the history no longer holds the revision. */
  readonly missing?: 'trial_deleted' | 'revision_forgotten';
}

/** What came after a cursor, oldest first, and the cursor for what comes next; there always is one. */
export interface ChangesAnswer {
  readonly items: readonly TrialChange[];
  readonly next: string;
}

export interface ChangesRequest {
  /** 1 to 200; 40 by default. */
  readonly limit?: number | undefined;
  /** `next` of the answer before; `latest` for none of the changes up to now; absent: from the oldest that is kept. */
  readonly after?: string | undefined;
}

const LATEST = 'latest';
/** What cursors of this list are for: the same for every caller, so that a change of his rights does not end them. */
const QUERY = 'changes';
/** Characters of each part of a cursor: those of a UUID. */
const WIDTH = 36;
/** Milliseconds after which one answer looks no further for changes that the caller may see. */
const PATIENCE = 3_000;
/** Changes that one statement looks through for those that the caller may see. */
const LARGEST_LOOK = 3_000;

/**
 * Lets another process follow every change of metadata: nothing is left out and nothing comes twice, however the writers'
 * transactions overlap, and the revisions of a trial come in their order.
 */
@Injectable()
export class MetadataChangesService {
  constructor(
    @Inject(METADATA_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(METADATA_TABLE_NAMES) private readonly tables: MetadataTableNames,
    @Inject(METADATA_OPTIONS) private readonly options: CheckedMetadataOptions,
    private readonly cursors: CursorCodec,
    private readonly access: TrialAccess,
  ) {}

  /**
   * @throws InvalidRequestError for a limit or cursor that is none; ChangesForgottenError when changes after the cursor
   * are no longer kept; ChangesOffError
   */
  async changes(user: unknown, request: ChangesRequest = {}): Promise<ChangesAnswer> {
    if (!this.options.changes) throw new ChangesOffError();
    const limit = checkPageSize(request.limit);
    const restriction = await this.access.visible(user);
    const visible = restriction === 'all' ? TRUE : sql`(${restriction(sql`"page"."trial_id"`)})`;
    return await readOnly(this.dataSource, this.options.statementTimeout, async (run) => {
      if (request.after === LATEST) return { items: [], next: this.cursorOf(await this.latest(run)) };
      return await this.page(run, request.after, visible, limit);
    });
  }

  private async page(
    run: RunSql,
    cursor: string | undefined,
    visible: Sql,
    limit: number,
  ): Promise<ChangesAnswer> {
    let after = cursor === undefined ? undefined : this.placeIn(cursor);
    const [state] = await run<ListState>(listStateStatement(this.tables, after));
    if (cursor !== undefined && state?.forgotten) throw new ChangesForgottenError();
    const settled = state?.settled ?? '0';
    const items: TrialChange[] = [];
    const until = Date.now() + PATIENCE;
    for (let most = limit; ; most = Math.min(2 * most, LARGEST_LOOK)) {
      const rows = await run<ChangeRow>(changesStatement(this.tables, { after, settled, visible, most }));
      const found = rows.filter((row) => row.visible).slice(0, limit - items.length);
      items.push(...found.map((row) => this.changeOf(row)));
      const isFull = items.length === limit;
      after = placeOf((isFull ? found : rows).at(-1)) ?? after;
      const isOver = isFull || rows.length < most || Date.now() > until;
      if (isOver) return { items, next: this.cursorOf(after) };
    }
  }

  private async latest(run: RunSql): Promise<ChangePlace | undefined> {
    const [place] = await run<ChangePlace>(latestStatement(this.tables));
    return place;
  }

  /** Of one length always: it tells nothing of changes that the caller may not see. */
  private cursorOf(place: ChangePlace | undefined): string {
    const { place: id, trialId, revision } = place ?? { place: '', trialId: '', revision: '' };
    const values = [trialId.padEnd(WIDTH), String(revision).padEnd(WIDTH)];
    return this.cursors.encode({ id: id.padEnd(WIDTH), values }, QUERY);
  }

  private placeIn(cursor: string): ChangePlace | undefined {
    const { id, values } = this.cursors.decode(cursor, QUERY);
    const [place = '', trialId = '', revision = ''] = [id, ...values].map((value) => value?.trim());
    return place === '' ? undefined : { place, trialId, revision: Number(revision) };
  }

  private changeOf(row: ChangeRow): TrialChange {
    const { revision, updated_at: updatedAt, updated_by: updatedBy, source, before, after } = row;
    const trialId = parseTrialId(row.trial_id, this.tables.trialIdType);
    if (source === null) {
      const missing = row.gone ? 'trial_deleted' : 'revision_forgotten';
      return { trialId, revision, updatedAt, updatedBy, source, changes: null, missing };
    }
    return {
      trialId,
      revision,
      updatedAt,
      updatedBy,
      source: source as ChangeSource, // the table holds what the statements wrote
      changes: revisionChanges(parseStored(before ?? '{}'), parseStored(after ?? '{}')),
    };
  }
}

function placeOf(row: ChangeRow | undefined): ChangePlace | undefined {
  return row && { place: row.place, trialId: row.trial_id, revision: row.revision };
}
