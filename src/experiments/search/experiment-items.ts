import {
  bind,
  columnText,
  columnTextJson,
  RawJson,
  sql,
  type Column,
  type Projection,
  type RunSql,
} from '../../metadata/index.js';
import { selectTexts, textsOf, type TextRow } from './select-row.js';
import { columnNamed } from './trial-source.js';

/** An experiment in an answer; `trial` is its best matching trial, null when none is needed and there is none. */
export type ExperimentItem = Readonly<Record<string, unknown>>;

const IDS = ['experiment.id', 'project.id'].map(columnNamed);
const DEFAULT_COLUMNS = ['experiment.name', 'experiment.state', 'experiment.startTime'].map(columnNamed);

/** The experiments of the ids with their columns and number of trials. */
export async function readExperimentItems(
  ids: readonly string[],
  projection: Projection,
  run: RunSql,
): Promise<ReadonlyMap<string, ExperimentItem>> {
  if (ids.length === 0) return new Map();
  const asked =
    projection.columns === 'default'
      ? DEFAULT_COLUMNS
      : projection.columns.filter((column) => column.owner !== 'trial');
  const columns = [...new Set([...IDS, ...asked])];
  const expressions = [
    columnText(columnNamed('experiment.id')),
    sql`coalesce("counted"."trial_count", 0)`,
    ...columns.map(columnText),
  ];
  const bound = bind(ids, 'bigint[]');
  const rows = await run<TextRow>(
    sql`WITH "counted" AS (SELECT "experiment_id", count(*) AS "trial_count" FROM "trials" WHERE "experiment_id" = ANY (${bound}) GROUP BY "experiment_id") SELECT ${selectTexts(expressions)} FROM "experiments" AS "experiment" JOIN "projects" AS "project" ON "project"."id" = "experiment"."project_id" LEFT JOIN "counted" ON "counted"."experiment_id" = "experiment"."id" WHERE "experiment"."id" = ANY (${bound})`,
  );
  return new Map(
    rows.map((row) => {
      const [id, trialCount, ...texts] = textsOf(row, expressions.length);
      return [id ?? '', toItem(texts, columns, Number(trialCount))];
    }),
  );
}

/** In an experiment's own item its columns need no prefix: `experimentName` is `name`. */
function toItem(
  texts: readonly (string | null)[],
  columns: readonly Column[],
  trialCount: number,
): ExperimentItem {
  const values = columns.map((column, index) => {
    const text = columnTextJson(column, texts[index] ?? null);
    return [memberName(column), text === null ? null : new RawJson(text)] as const;
  });
  return { ...Object.fromEntries(values), trialCount };
}

function memberName(column: Column): string {
  return column.owner === 'experiment' ? column.name.slice('experiment.'.length) : column.item;
}
