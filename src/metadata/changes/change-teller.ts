import type { EntityManager } from 'typeorm';
import { parseStored } from '../accept-document.js';
import { RawJson, type JsonObject, type JsonValue } from '../document/index.js';
import { revisionChanges } from '../revision-changes.js';
import type { ChangeSource } from '../storage/change-source.js';
import type { TrialId } from '../storage/trial-id.js';
import type { AfterCommit } from './after-commit.js';
import { EVENT_NAMES, type MetadataEvent } from './metadata-event.js';
import type { MetadataEvents } from './metadata-events.js';

/** A revision as the statement that made it answers. */
export interface MadeRevision {
  /** The document after the change. */
  readonly metadata: string;
  readonly revision: number;
  readonly updated_at: string | null;
  readonly updated_by: string | null;
  /** JSON text of what each key changed held before; absent: nothing. */
  readonly replaced?: string | null;
  /** The keys that were not there before; `*`: all that there are. */
  readonly added?: readonly string[] | '*' | null;
}

/** Makes events of what the statements answer, and has them told when the transaction has committed. */
export class ChangeTeller {
  constructor(
    private readonly events: MetadataEvents,
    private readonly afterCommit: AfterCommit,
  ) {}

  /** Whether a statement shall answer what {@link tell} needs. */
  wants(source: ChangeSource): boolean {
    return this.events.hasListeners(EVENT_NAMES[source]);
  }

  tell(manager: EntityManager | undefined, trialId: TrialId, source: ChangeSource, made: MadeRevision): void {
    this.afterCommit.do(manager, () => this.events.emit(eventOf(trialId, source, made)));
  }
}

function eventOf(trialId: TrialId, source: ChangeSource, made: MadeRevision): MetadataEvent {
  const document = parseStored(made.metadata);
  const before = parseStored(made.replaced ?? '{}');
  const keys = made.added === '*' ? [...document.keys()] : [...before.keys(), ...(made.added ?? [])];
  return {
    name: EVENT_NAMES[source],
    trialId,
    revision: made.revision,
    source,
    updatedAt: made.updated_at ?? '',
    updatedBy: made.updated_by,
    metadata: new RawJson(made.metadata),
    changes: revisionChanges(before, keysOf(document, keys)),
  };
}

function keysOf(document: JsonObject, keys: readonly string[]): JsonObject {
  const found = new Map<string, JsonValue>();
  for (const key of keys) {
    const value = document.get(key);
    if (value !== undefined) found.set(key, value);
  }
  return found;
}
