import type { RawJson } from '../document/index.js';
import type { RevisionChange } from '../revision-changes.js';
import type { ChangeSource } from '../storage/change-source.js';
import type { TrialId } from '../storage/trial-id.js';

/** The event of each kind of write; the only such place. */
export const EVENT_NAMES = {
  report: 'metadata.reported',
  batch: 'metadata.reported',
  set: 'metadata.set',
  patch: 'metadata.patched',
  delete: 'metadata.deleted',
  revert: 'metadata.reverted',
  import: 'metadata.imported',
} as const satisfies Readonly<Record<ChangeSource, string>>;

/** `metadata.reported`, `metadata.set`, `metadata.patched`, `metadata.deleted`, `metadata.reverted` or `metadata.imported`. */
export type MetadataEventName = (typeof EVENT_NAMES)[ChangeSource];

/** A revision that was made: told after its transaction has committed. */
export interface MetadataEvent {
  readonly name: MetadataEventName;
  readonly trialId: TrialId;
  readonly revision: number;
  readonly source: ChangeSource;
  /** ISO 8601 in UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string | null;
  /** The whole document after the change; `parseJson(metadata.text)` reads it without losing a digit. */
  readonly metadata: RawJson;
  /** As in the history: sorted by field; fields that came have no `before`, those that went no `after`. */
  readonly changes: readonly RevisionChange[];
}
