import {
  bind,
  DOCUMENT,
  joinSql,
  parseJson,
  sql,
  trustedSql,
  valueAt,
  type MatchingTrials,
  type Path,
  type Sql,
} from '../../metadata/index.js';

/** The values of documents that lie at one depth, as a table. */
export interface ValuesAtDepth {
  /** A table for FROM, a row a value: `value`, and the columns of `field`. What is inside a list is no row. */
  readonly table: Sql;
  /** The columns that tell fields apart. */
  readonly field: Sql;
  /** The path as text for {@link pathOf}, over the columns of `field`. */
  readonly path: Sql;
}

/** Over `value`: whether it is a scalar, a list or an empty object, so that nothing lies below it. */
export const IS_LEAF = trustedSql(`(jsonb_typeof("value") <> 'object' OR "value" = '{}')`);

/**
 * The values at a depth: 1 for those at the top of the document, or for those at the paths asked for; 2 for the members of
 * these that are objects, and so on. Level by level, and not by a recursive query, which a distributed PostgreSQL does not
 * take and which costs as much.
 */
export function valuesAtDepth(
  { from, where }: MatchingTrials,
  paths: 'all' | readonly Path[],
  depth: number,
): ValuesAtDepth {
  const levels = Array.from({ length: depth }, (_, index) => trustedSql(`"level_${index + 1}"`));
  const keys = levels.map((_, index) => trustedSql(`"key_${index + 1}"`));
  const joins = levels.map((level, index) => {
    const above = levels[index - 1];
    const members =
      above === undefined
        ? firstLevel(paths)
        : sql`jsonb_each(CASE WHEN jsonb_typeof(${above}."value") = 'object' THEN ${above}."value" END)`;
    return sql`CROSS JOIN LATERAL ${members} AS ${level} ("key", "value")`;
  });
  const objects = levels.slice(0, -1).map((level) => sql`jsonb_typeof(${level}."value") = 'object'`);
  const columns = levels.map((level, index) => sql`${level}."key" AS ${keys[index] ?? sql``}`);
  const last = levels.at(-1) ?? sql``;
  const conditions = joinSql([sql`(${where})`, ...objects, sql`${last}."value" IS NOT NULL`], ' AND ');
  const parts = keys.map((key, index) => (index === 0 && paths !== 'all' ? key : sql`to_json(${key})::text`));
  return {
    table: sql`(SELECT ${joinSql(columns, ', ')}, ${last}."value" FROM ${from} ${joinSql(joins, ' ')} WHERE ${conditions}) AS "held"`,
    field: joinSql(keys, ', '),
    path: sql`('[' || ${joinSql(parts, " || ',' || ")} || ']')`,
  };
}

/** The path that {@link ValuesAtDepth.path} gave. */
export function pathOf(text: string): Path {
  // A list of strings: PostgreSQL wrote it so.
  return parseJson(text) as readonly string[];
}

/** Where a path was asked for, its `key` is all of it: the inside of the text of a list. */
function firstLevel(paths: 'all' | readonly Path[]): Sql {
  if (paths === 'all') return sql`jsonb_each(${DOCUMENT})`;
  const rows = paths.map((path) => {
    const inside = JSON.stringify(path).slice(1, -1);
    return sql`(${bind(inside, 'text')}, ${valueAt(DOCUMENT, path)})`;
  });
  return sql`(VALUES ${joinSql(rows, ', ')})`;
}
