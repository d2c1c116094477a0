import {
  bind,
  DOCUMENT,
  joinSql,
  parseJson,
  sql,
  trustedSql,
  valueAt,
  type Path,
  type Projection,
  type Sql,
} from '../../metadata/index.js';

/**
 * A LATERAL table of every value below an object, one row a value: `path` as the JSON text of a list of keys, `value`,
 * and `leaf`. An object with members is a row, but no leaf; what is inside a list is no row.
 *
 * The recursion runs row by row of the documents: over all of them at once, PostgreSQL would write them to disk first.
 *
 * @param paths only the values at these paths and below; `all` of the document, or `none`
 */
export function metadataValues(paths: Projection['metadata']): Sql {
  const starts = startsOf(paths);
  return sql`CROSS JOIN LATERAL (WITH RECURSIVE "object" ("prefix", "members") AS (SELECT * FROM (VALUES ${starts}) AS "start" ("prefix", "members") WHERE jsonb_typeof("members") = 'object' UNION ALL SELECT "prefix" || to_json("key")::text || ',', "value" FROM "object", jsonb_each("members") WHERE jsonb_typeof("value") = 'object' AND "value" <> '{}') SELECT '[' || "prefix" || to_json("key")::text || ']' AS "path", "value", jsonb_typeof("value") <> 'object' OR "value" = '{}' AS "leaf" FROM "object", jsonb_each("members")) AS "found"`;
}

/** The path that {@link metadataValues} gave as text. */
export function pathOf(text: string): Path {
  // PostgreSQL wrote it: a list of strings.
  return parseJson(text) as readonly string[];
}

/** The objects to begin at, each with what stands before its keys in the text of a path. */
function startsOf(paths: Projection['metadata']): Sql {
  if (paths === 'all') return sql`(''::text, ${DOCUMENT})`;
  if (paths === 'none' || paths.length === 0) return trustedSql(`(''::text, NULL::jsonb)`);
  return joinSql(
    paths.map((path) => {
      const prefix = path.slice(0, -1).map((key) => `${JSON.stringify(key)},`);
      const value = valueAt(DOCUMENT, path);
      const object = sql`CASE WHEN ${value} IS NOT NULL THEN jsonb_build_object(${bind(path.at(-1), 'text')}, ${value}) END`;
      return sql`(${bind(prefix.join(''), 'text')}, ${object})`;
    }),
    ', ',
  );
}
