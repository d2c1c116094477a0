import { Injectable, Logger } from '@nestjs/common';
import type { MetadataEvent, MetadataEventName } from './metadata-event.js';

/** Told of an event. What it throws, or rejects with, is logged and goes no further. */
export type MetadataListener = (event: MetadataEvent) => unknown;

/**
 * Tells this process of the revisions that it makes, each after its transaction has committed:
 *
 *     events.on('metadata.reported', ({ trialId, changes }) => …)
 *
 * Nothing is awaited, so that no listener keeps a write from being answered, and an event is lost when the process ends
 * before it was told. Whoever must miss nothing, or is another process, reads `GET /metadata/changes`.
 */
@Injectable()
export class MetadataEvents {
  private readonly logger = new Logger(MetadataEvents.name);
  private readonly listeners = new Map<MetadataEventName | '*', Set<MetadataListener>>();

  /**
   * @param name `*` for every event
   * @returns a function that takes the listener off again
   */
  on(name: MetadataEventName | '*', listener: MetadataListener): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners);
    // A function of its own for each call, so that one listener can be there twice.
    const entry: MetadataListener = (event) => listener(event);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  /** Whether anybody wants to know of an event: without listeners, nothing is put together. */
  hasListeners(name: MetadataEventName): boolean {
    return (this.listeners.get(name)?.size ?? 0) + (this.listeners.get('*')?.size ?? 0) > 0;
  }

  /** Calls the listeners of an event in the order in which they came. */
  emit(event: MetadataEvent): void {
    for (const key of [event.name, '*'] as const) {
      for (const listener of [...(this.listeners.get(key) ?? [])]) void this.tell(listener, event);
    }
  }

  private async tell(listener: MetadataListener, event: MetadataEvent): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.logger.error(`A listener of ${event.name} failed: ${reason}`);
    }
  }
}
