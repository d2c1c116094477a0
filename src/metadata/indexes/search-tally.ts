import { Inject, Injectable } from '@nestjs/common';
import type { Path } from '../document/index.js';
import { DatabaseBusyError } from '../metadata.errors.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS } from '../metadata.tokens.js';
import type { DocumentIndexes } from '../query/index.js';
import { searchedFields, type Search, type SearchedField } from './searched-fields.js';

/** How long the searches by one field took that has no index. */
export interface FieldTally {
  readonly path: Path;
  readonly searches: readonly TalliedSearch[];
}

/** A search, as far as it is remembered. */
export interface TalliedSearch {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly sorted: boolean;
  readonly ranged: boolean;
}

/** Fields that are remembered, and searches by each. */
const MOST_FIELDS = 200;
const MOST_SEARCHES = 100;

/**
 * Remembers, in this process, how long searches took by fields that have no index, and when those with one were used. A
 * host whose own searches are to count hands them to {@link timed}. It does nothing while the advisor is off.
 */
@Injectable()
export class SearchTally {
  private readonly isOn: boolean;
  /** By path as text; the one that was searched by last stands last. */
  private readonly slow = new Map<string, { readonly path: Path; next: number; searches: TalliedSearch[] }>();
  private readonly used = new Map<string, number>();
  private seen: DocumentIndexes | undefined;
  private indexed = '';

  constructor(@Inject(METADATA_OPTIONS) { indexAdvisor }: CheckedMetadataOptions) {
    this.isOn = indexAdvisor !== 'off';
  }

  /**
   * Notes how long a search takes that begins now.
   * @param indexes that it can count on
   * @returns what it finds
   */
  timed<T>(search: Search, indexes: DocumentIndexes, found: Promise<T>): Promise<T> {
    return this.isOn ? this.noted(search, indexes, found) : found;
  }

  /** By path as text. */
  fields(): ReadonlyMap<string, FieldTally> {
    return this.slow;
  }

  /** When a search of this process last had use of a field's index, in milliseconds since 1970. @param name path as text */
  usedAt(name: string): number | undefined {
    return this.used.get(name);
  }

  /** Forgets how long searches took. */
  clear(): void {
    this.slow.clear();
  }

  private async noted<T>(search: Search, indexes: DocumentIndexes, found: Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      const result = await found;
      this.note(search, indexes, performance.now() - start);
      return result;
    } catch (error) {
      // One that was stopped was the slowest of all.
      if (error instanceof DatabaseBusyError) this.note(search, indexes, performance.now() - start);
      throw error;
    }
  }

  private note(search: Search, indexes: DocumentIndexes, milliseconds: number): void {
    const fields = searchedFields(search);
    if (fields.size === 0) return;
    this.notice(indexes);
    const at = Date.now();
    for (const [name, field] of fields) {
      if (indexes.fields.has(name)) this.used.set(name, at);
      else this.add(name, field, { at, milliseconds, sorted: field.sorted, ranged: field.ranged });
    }
  }

  /** What searches took before an index came, or went, says nothing of what they take now. */
  private notice(indexes: DocumentIndexes): void {
    if (indexes === this.seen) return;
    this.seen = indexes;
    const indexed = JSON.stringify([...indexes.fields.keys()]);
    if (indexed !== this.indexed) this.clear();
    this.indexed = indexed;
  }

  private add(name: string, { path }: SearchedField, search: TalliedSearch): void {
    const tally = this.slow.get(name) ?? { path, next: 0, searches: [] };
    tally.searches[tally.next] = search;
    tally.next = (tally.next + 1) % MOST_SEARCHES;
    this.slow.delete(name);
    this.slow.set(name, tally);
    const [oldest] = this.slow.keys();
    if (this.slow.size > MOST_FIELDS && oldest !== undefined) this.slow.delete(oldest);
  }
}
