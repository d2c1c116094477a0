import { RawJson } from './document/index.js';
import type { TrialId } from './storage/trial-id.js';

/** The metadata of a trial at one revision, as every answer about one trial holds it. */
export class MetadataRecord {
  constructor(
    readonly trialId: TrialId,
    /** The document as PostgreSQL wrote it; `parseJson(metadata.text)` reads it without losing a digit. */
    readonly metadata: RawJson,
    /** 0 while nothing was ever reported. */
    readonly revision: number,
    /** ISO 8601 in UTC; null at revision 0. */
    readonly updatedAt: string | null,
    readonly updatedBy: string | null,
  ) {}
}

/** What a row of any statement holds of a record. */
export interface RecordRow {
  readonly metadata: string;
  readonly revision: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
}

export function recordOf(trialId: TrialId, row: RecordRow): MetadataRecord {
  return new MetadataRecord(trialId, new RawJson(row.metadata), row.revision, row.updated_at, row.updated_by);
}
