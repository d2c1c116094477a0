import type { Column, Projection } from '../../../metadata/index.js';
import { readTrialItems, type TrialItem } from '../../search/trial-items.js';
import { columnValueOf, DEFAULT_COLUMNS, documentOf, ID_COLUMNS } from '../item-values.js';
import type { TrialReading } from '../visible-trials.js';
import type { ComparedTrial } from './compare-values.js';

/** What an item shows, as in a search without metadata. */
const ITEM_MEMBERS = [...ID_COLUMNS, ...DEFAULT_COLUMNS].map((column) => column.item);

/** The trials of the ids, in that order: as items without metadata, and with the values to compare. */
export async function readComparedTrials(
  ids: readonly string[],
  columns: readonly Column[],
  metadata: Projection['metadata'],
  { run, tables }: TrialReading,
): Promise<{ readonly items: readonly TrialItem[]; readonly trials: readonly ComparedTrial[] }> {
  const projection = { columns: [...DEFAULT_COLUMNS, ...columns], metadata };
  const found = [...(await readTrialItems(ids, projection, tables, run))];
  return {
    items: found.map(([, item]) => Object.fromEntries(ITEM_MEMBERS.map((member) => [member, item[member]]))),
    trials: found.map(([id, item]) => ({
      id: Number(id),
      document: documentOf(item),
      columns: new Map(columns.map((column) => [column, columnValueOf(item, column)])),
    })),
  };
}
