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
 * A LATERAL table of every value in the document, one row a value: its `key`, the `prefix` before it in the path, and the
 * `value`. An object is a row, and so is each of its members; what is inside a list is none.
 *
 * The recursion runs document by document: over all of them at once, PostgreSQL would write them to disk first.
 *
 * @param paths only the values at these paths and below; `all` of the document, or `none`
 */
export function metadataValues(paths: Projection['metadata']): Sql {
  return sql`CROSS JOIN LATERAL (WITH RECURSIVE "found" ("prefix", "key", "value") AS (${startsOf(paths)} UNION ALL SELECT "found"."prefix" || to_json("found"."key")::text || ',', "member"."key", "member"."value" FROM "found" CROSS JOIN LATERAL jsonb_each("found"."value") AS "member" WHERE jsonb_typeof("found"."value") = 'object') SELECT "prefix", "key", "value" FROM "found") AS "found"`;
}

/** Over rows of {@link metadataValues}: whether the value is a scalar, a list or an empty object. */
export const IS_LEAF = trustedSql(`(jsonb_typeof("value") <> 'object' OR "value" = '{}')`);

/** The path of a row of {@link metadataValues}, as text for {@link pathOf}. */
export const PATH_TEXT = trustedSql(`('[' || "prefix" || to_json("key")::text || ']')`);

/** The path that {@link PATH_TEXT} gave. */
export function pathOf(text: string): Path {
  // A list of strings: PostgreSQL wrote it so.
  return parseJson(text) as readonly string[];
}

/** What the recursion begins with: the members of the document, or the values at the paths. */
function startsOf(paths: Projection['metadata']): Sql {
  if (paths === 'all') return sql`SELECT '', "key", "value" FROM jsonb_each(${DOCUMENT})`;
  if (paths === 'none' || paths.length === 0) return trustedSql(`SELECT '', '', NULL::jsonb WHERE false`);
  const starts = paths.map((path) => {
    const prefix = path.slice(0, -1).map((key) => `${JSON.stringify(key)},`);
    return sql`(${bind(prefix.join(''), 'text')}, ${bind(path.at(-1), 'text')}, ${valueAt(DOCUMENT, path)})`;
  });
  return sql`SELECT * FROM (VALUES ${joinSql(starts, ', ')}) AS "start" ("prefix", "key", "value") WHERE "value" IS NOT NULL`;
}
