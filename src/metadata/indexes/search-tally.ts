import { Inject, Injectable } from '@nestjs/common';
import { formatPath } from '../document/index.js';
import { DatabaseBusyError } from '../metadata.errors.js';
import type { CheckedMetadataOptions } from '../metadata.options.js';
import { METADATA_OPTIONS } from '../metadata.tokens.js';
import type { DocumentIndexes } from '../query/index.js';
import { targetKey, type IndexTarget } from './index-target.js';
import { searchedFields, type FieldUse, type Search, type SearchedField } from './searched-fields.js';

/** How long the searches took that an index would serve which is not there. */
export interface FieldTally extends IndexTarget {
  readonly searches: readonly TalliedSearch[];
}

/** A search, as far as it is remembered. */
export interface TalliedSearch {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly uses: ReadonlySet<FieldUse>;
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
  /** By {@link targetKey}; the one that was searched by last stands last. */
  private readonly slow = new Map<
    string,
    FieldTally & { next: number; readonly searches: TalliedSearch[] }
  >();
  private readonly used = new Map<string, number>();
  private seen: DocumentIndexes | undefined;
  private indexed = '';

  constructor(@Inject(METADATA_OPTIONS) { indexAdvisor }: CheckedMetadataOptions) {
    this.isOn = indexAdvisor !== 'off';
  }

  /**
   * Notes how long a search takes that begins now.
   * @param indexes that it can count on
   * @param isFull whether what is found is as much as was asked for; absent: nobody knows
   * @returns what it finds
   */
  timed<T>(
    search: Search,
    indexes: DocumentIndexes,
    found: Promise<T>,
    isFull?: (found: T) => boolean,
  ): Promise<T> {
    return this.isOn ? this.noted(search, indexes, found, isFull) : found;
  }

  /** By {@link targetKey}. */
  fields(): ReadonlyMap<string, FieldTally> {
    return this.slow;
  }

  /** When a search of this process last had use of an index, in milliseconds since 1970. */
  usedAt(target: IndexTarget): number | undefined {
    return this.used.get(targetKey(target));
  }

  /** Forgets how long searches took. */
  clear(): void {
    this.slow.clear();
  }

  private async noted<T>(
    search: Search,
    indexes: DocumentIndexes,
    found: Promise<T>,
    isFull?: (found: T) => boolean,
  ): Promise<T> {
    const start = performance.now();
    try {
      const result = await found;
      this.note(search, indexes, performance.now() - start, isFull?.(result));
      return result;
    } catch (error) {
      // One that was stopped was the slowest of all.
      if (error instanceof DatabaseBusyError) this.note(search, indexes, performance.now() - start);
      throw error;
    }
  }

  private note(search: Search, indexes: DocumentIndexes, milliseconds: number, isFull?: boolean): void {
    const fields = searchedFields(search);
    if (fields.size === 0) return;
    this.notice(indexes);
    const at = Date.now();
    const missing = new Map<string, SearchedField>();
    for (const [key, field] of fields) {
      if (has(indexes, field)) this.used.set(key, at);
      else missing.set(key, field);
    }
    const asksText = [...fields.values()].some(({ kind }) => kind === 'texts');
    const sortsAll = [...missing.values()].some(({ uses }) => uses.has('sorted'));
    for (const [key, { uses, ...target }] of missing) {
      // Few matches are looked up by their text, whatever the order; and of very many, an order without an index reads all.
      const isIdle = uses.has('contained')
        ? isFull === true && sortsAll
        : isFull === false && asksText && !uses.has('ranged');
      if (!isIdle) this.add(key, target, { at, milliseconds, uses });
    }
  }

  /** What searches took before an index came, or went, says nothing of what they take now. */
  private notice(indexes: DocumentIndexes): void {
    if (indexes === this.seen) return;
    this.seen = indexes;
    const indexed = JSON.stringify([[...indexes.fields.keys()], [...indexes.fieldTexts.keys()]]);
    if (indexed !== this.indexed) this.clear();
    this.indexed = indexed;
  }

  private add(key: string, { path, kind }: IndexTarget, search: TalliedSearch): void {
    const tally = this.slow.get(key) ?? { path, kind, next: 0, searches: [] };
    tally.searches[tally.next] = search;
    tally.next = (tally.next + 1) % MOST_SEARCHES;
    this.slow.delete(key);
    this.slow.set(key, tally);
    const [oldest] = this.slow.keys();
    if (this.slow.size > MOST_FIELDS && oldest !== undefined) this.slow.delete(oldest);
  }
}

function has(indexes: DocumentIndexes, { path, kind }: IndexTarget): boolean {
  return (kind === 'values' ? indexes.fields : indexes.fieldTexts).has(formatPath(path));
}
