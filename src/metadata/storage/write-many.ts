import type { EntityManager } from 'typeorm';
import { TrialNotFoundError } from '../metadata.errors.js';
import type { MetadataStore, WriteItem, WriteMany } from './metadata-store.js';
import type { WriteManyRow } from './write-many-statements.js';

/** What became of one write of many. `outcome` is never `later` or `overtaken`. */
export type WriteManyResult = WriteManyRow;

const EMPTY = '{}';

/**
 * Writes to many trials within a transaction, by a few statements for all of them. A trial that is named more than once
 * is written in the order of the list. A document that would grow beyond the limits is not written, nor is one of a trial that
 * is not there; the result says so.
 * @returns one result a write, in their order
 */
export async function writeMany(
  store: MetadataStore,
  writes: readonly WriteItem[],
  common: WriteMany,
  manager: EntityManager,
): Promise<readonly WriteManyResult[]> {
  const results = new Map<number, WriteManyResult>();
  /** Trials whose row this transaction has made or locked; nobody else writes them meanwhile. */
  const locked = new Set<string>();
  for (const round of roundsOf(writes)) {
    // An empty document makes no row.
    const first = round.filter(({ trialId, document }) => document !== EMPTY && !locked.has(String(trialId)));
    if (first.length > 0) {
      const rows = await store.createMany(first, common, manager);
      collect(results, rows);
      const known = new Set(rows.filter((row) => row.known).map((row) => row.item));
      for (const { item, trialId } of first) if (known.has(item)) locked.add(String(trialId));
    }
    const waiting = round.filter(({ item }) => !results.has(item));
    if (waiting.length > 0) collect(results, await store.changeMany(waiting, common, manager));
    for (const write of waiting) {
      const isLeft = write.document === EMPTY && !results.has(write.item);
      if (isLeft) results.set(write.item, await writeEmpty(store, write, common, manager));
    }
  }
  return writes.map(({ item }) => {
    const result = results.get(item);
    if (result === undefined) throw new Error(`Write ${item} has no result.`);
    return result;
  });
}

/** The writes in rounds that name each trial once: its first ones, its second ones, and so on. */
function roundsOf(writes: readonly WriteItem[]): readonly (readonly WriteItem[])[] {
  const rounds: WriteItem[][] = [];
  const counts = new Map<string, number>();
  for (const write of writes) {
    const id = String(write.trialId);
    const count = counts.get(id) ?? 0;
    counts.set(id, count + 1);
    (rounds[count] ??= []).push(write);
  }
  return rounds;
}

function collect(results: Map<number, WriteManyResult>, rows: readonly WriteManyRow[]): void {
  for (const row of rows) {
    const isSettled = !row.known || (row.outcome !== 'later' && row.outcome !== 'overtaken');
    if (isSettled) results.set(row.item, row);
  }
}

/** An empty document where there is no row to lock, or where another transaction changed it meanwhile. */
async function writeEmpty(
  store: MetadataStore,
  { item, trialId, document }: WriteItem,
  common: WriteMany,
  manager: EntityManager,
): Promise<WriteManyResult> {
  const write = { ...common, document, ifRevision: undefined, limits: null };
  try {
    const row = await store.write(trialId, write, manager);
    return { ...row, item, known: true, outcome: row.written ? 'changed' : 'unchanged' };
  } catch (error) {
    // It was looked up; no statement has failed, which would have ended the transaction.
    if (!(error instanceof TrialNotFoundError)) throw error;
    const nothing = { metadata: null, revision: null, updated_at: null, updated_by: null };
    return { ...nothing, item, known: false, outcome: 'unchanged' };
  }
}
