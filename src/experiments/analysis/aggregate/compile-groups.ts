import {
  bind,
  columnJson,
  DOCUMENT,
  formatField,
  joinSql,
  selectValues,
  sql,
  trustedSql,
  valueAt,
  type Field,
  type MatchingTrials,
  type Sql,
} from '../../../metadata/index.js';
import { selectTexts } from '../../search/select-row.js';
import { distinct } from '../read-list.js';
import type { AggregateRequest } from './aggregate-request.js';
import type { GroupSortKey } from './group-sort.js';
import { isQuantile, MEASURE_OPS, type Measure } from './measure.js';

/** The fields of the measures, each once however many measures there are of it. */
export function measuredFields(measures: readonly Measure[]): readonly Field[] {
  return distinct(
    measures.map(({ field }) => field),
    formatField,
  );
}

/**
 * The groups of a request, one row a group, one more than its limit. The texts of a row: the values of the key, NULL
 * where the trials have none; the count; the measures; and for each measured field how many of its values are no numbers.
 *
 *     SELECT k0, count(*), avg(n0), count(*) FILTER (WHERE x0) FROM (… one row a trial …) GROUP BY k0
 */
export function compileGroups(request: AggregateRequest, { from, where }: MatchingTrials): Sql {
  const { groupBy, measures, sort, limit } = request;
  const fields = measuredFields(measures);
  const keys = groupBy.map((_, index) => name('k', index));
  const counts = fields.flatMap((field, index) =>
    measures.some((measure) => isQuantile(measure) && sameField(measure.field, field)) ? [index] : [],
  );
  const groups = joinSql([...keys, ...counts.map((index) => name('c', index))], ', ');
  const columns = [
    ...keys,
    sql`count(*) AS "count"`,
    ...measures.map((measure, index) => sql`${compileMeasure(measure, fields)} AS ${name('a', index)}`),
    ...fields.map((_, index) => sql`count(*) FILTER (WHERE ${name('x', index)}) AS ${name('s', index)}`),
  ];
  // Without a key there is one group, or none when no trial matches.
  const grouped = groups.chunks[0] === '' ? sql`HAVING count(*) > 0` : sql`GROUP BY ${groups}`;
  const answer = [
    ...keys,
    sql`"count"`,
    ...measures.map((_, index) => name('a', index)),
    ...fields.map((_, index) => name('s', index)),
  ];
  const order = joinSql(
    [...sort.map(compileSortKey), ...keys.map((key) => sql`${key} ASC NULLS LAST`)],
    ', ',
  );
  return sql`SELECT ${selectTexts(answer)} FROM (SELECT ${joinSql(columns, ', ')} FROM (${compileRows(groupBy, fields, counts, sql`${from} WHERE ${where}`)}) AS "row" ${grouped}) AS "group" ORDER BY ${order} LIMIT ${bind(limit + 1, 'bigint')}`;
}

/**
 * One row a trial: the values of the key, and of each measured field the number `n` and whether it is something else, `x`;
 * where a measure needs it, how many numbers `c` the group has.
 */
function compileRows(
  groupBy: readonly Field[],
  fields: readonly Field[],
  counts: readonly number[],
  trials: Sql,
): Sql {
  const keys = groupBy.map((_, index) => name('k', index));
  const values = [
    ...groupBy.map((field, index) => ({ value: valueOf(field), name: name('k', index) })),
    ...fields.map((field, index) => ({ value: valueOf(field), name: name('v', index) })),
  ];
  const numbers = fields.flatMap((_, index) => {
    const value = name('v', index);
    return [
      sql`CASE WHEN jsonb_typeof(${value}) = 'number' THEN ${value}::numeric END AS ${name('n', index)}`,
      sql`jsonb_typeof(${value}) <> 'number' AS ${name('x', index)}`,
    ];
  });
  const found = sql`SELECT ${joinSql([...keys, ...numbers], ', ')} FROM (${selectValues(values, trials)}) AS "value"`;
  if (counts.length === 0) return found;
  const partition = keys.length === 0 ? sql`` : sql`PARTITION BY ${joinSql(keys, ', ')}`;
  const counted = counts.map(
    (index) => sql`count(${name('n', index)}) OVER (${partition}) AS ${name('c', index)}`,
  );
  return sql`SELECT *, ${joinSql(counted, ', ')} FROM (${found}) AS "found"`;
}

function compileMeasure({ field, op }: Measure, fields: readonly Field[]): Sql {
  const index = fields.findIndex((measured) => sameField(measured, field));
  return MEASURE_OPS[op].compile({ number: name('n', index), count: name('c', index) });
}

function compileSortKey(key: GroupSortKey): Sql {
  const expression = key.by === 'count' ? sql`"count"` : name(key.by === 'key' ? 'k' : 'a', key.index);
  return key.direction === 'asc' ? sql`${expression} ASC NULLS LAST` : sql`${expression} DESC NULLS LAST`;
}

/** The value as jsonb, SQL NULL where the trial has none. */
function valueOf(field: Field): Sql {
  return field.kind === 'metadata' ? valueAt(DOCUMENT, field.path) : columnJson(field.column);
}

function sameField(a: Field, b: Field): boolean {
  return formatField(a) === formatField(b);
}

/** A column of the query's own. */
function name(letter: 'k' | 'v' | 'n' | 'x' | 'c' | 'a' | 's', index: number): Sql {
  return trustedSql(`"${letter}${index}"`);
}
