import {
  bind,
  columnText,
  columnTextJson,
  DOCUMENT,
  EVERYTHING,
  matchingTrials,
  nestMetadata,
  RawJson,
  selectMetadata,
  sql,
  type Column,
  type MetadataTables,
  type Projection,
  type RunSql,
  type Sql,
} from '../../metadata/index.js';
import { jsonTexts, selectJson, selectTexts, textsOf, type TextRow } from './select-row.js';
import { columnNamed, TRIAL_SOURCE } from './trial-source.js';

/** A trial in an answer: its ids, and what the projection asks for. */
export type TrialItem = Readonly<Record<string, unknown>>;

const IDS = ['trial.id', 'experiment.id', 'project.id'].map(columnNamed);
const DEFAULT_COLUMNS = ['experiment.name', 'trial.state', 'trial.startTime', 'trial.endTime'].map(
  columnNamed,
);

/** The trials of the ids, in that order, with what the projection asks for; one that is gone is left out. */
export async function readTrialItems(
  ids: readonly string[],
  projection: Projection,
  tables: MetadataTables,
  run: RunSql,
): Promise<ReadonlyMap<string, TrialItem>> {
  if (ids.length === 0) return new Map();
  const { text, from, itemOf } = selectItems(projection, tables);
  const id = TRIAL_SOURCE.trialId;
  const rows = await run<TextRow>(
    sql`SELECT ${selectTexts([id, text])} FROM ${from} WHERE ${id} = ANY (${bind(ids, 'bigint[]')})`,
  );
  const items = new Map<string | null, TrialItem>();
  for (const row of rows) {
    const [ownId = null, lines] = textsOf(row, 2);
    items.set(ownId, itemOf(lines));
  }
  return new Map(
    ids.flatMap((each) => {
      const item = items.get(each);
      return item === undefined ? [] : [[each, item]];
    }),
  );
}

/** What a SELECT of items reads, and what makes an item of the text that it gives. */
export interface ItemSelection {
  /** All of the item, as one text. */
  readonly text: Sql;
  /** The columns that are read. */
  readonly columns: readonly Column[];
  /** What follows FROM; the trial is `"trial"`. */
  readonly from: Sql;
  readonly itemOf: (text: string | null | undefined) => TrialItem;
}

export function selectItems(projection: Projection, tables: MetadataTables): ItemSelection {
  const columns = itemColumns(projection);
  const { from } = matchingTrials({ source: TRIAL_SOURCE, tables, filter: EVERYTHING, columns });
  const expressions = [...columns.map(columnText), ...selectMetadata(projection, DOCUMENT)];
  return {
    text: selectJson(expressions),
    columns,
    from,
    itemOf: (text) => toItem(jsonTexts(text ?? ''), columns, projection),
  };
}

function itemColumns(projection: Projection): readonly Column[] {
  const asked = projection.columns === 'default' ? DEFAULT_COLUMNS : projection.columns;
  return [...new Set([...IDS, ...asked])];
}

function toItem(
  texts: readonly (string | null)[],
  columns: readonly Column[],
  projection: Projection,
): TrialItem {
  const item: Record<string, unknown> = {};
  columns.forEach((column, index) => {
    const text = columnTextJson(column, texts[index] ?? null);
    item[column.item] = text === null ? null : new RawJson(text);
  });
  const metadata = nestMetadata(projection, texts.slice(columns.length));
  if (metadata !== undefined) item['metadata'] = metadata;
  return item;
}
