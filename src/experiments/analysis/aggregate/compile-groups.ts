import {
  bind,
  columnJson,
  DOCUMENT,
  formatField,
  joinSql,
  selectValues,
  sql,
  textAt,
  trustedSql,
  valueAt,
  type Field,
  type JsonType,
  type MatchingTrials,
  type MetadataField,
  type Sql,
} from '../../../metadata/index.js';
import { selectTexts } from '../../search/select-row.js';
import { distinct } from '../read-list.js';
import type { AggregateRequest } from './aggregate-request.js';
import type { GroupSortKey } from './group-sort.js';
import { MEASURE_OPS, type Measure } from './measure.js';

/** The fields of the measures, each once however many measures there are of it. */
export function measuredFields(measures: readonly Measure[]): readonly Field[] {
  return distinct(
    measures.map(({ field }) => field),
    formatField,
  );
}

/** What groups are made of. */
export interface GroupedTrials extends MatchingTrials {
  /**
   * How many trials there are, where `from` has documents alone and those without one belong to a group too; they are in
   * that of all the trials that have none of the values.
   */
  readonly trialCount?: number;
  /** The types that values of a field may have; undefined where that is not known. */
  readonly typesOf?: (field: Field) => ReadonlySet<JsonType> | undefined;
}

/**
 * The groups of a request, one row a group, one more than its limit. The texts of a row: the values of the key, NULL
 * where the trials have none; the count; the measures; and for each measured field how many of its values are no numbers.
 *
 *     SELECT k0, count(*), avg(n0), count(*) FILTER (WHERE x0) FROM (… one row a trial …) GROUP BY k0
 */
export function compileGroups(request: AggregateRequest, grouped: GroupedTrials): Sql {
  const { groupBy, measures, sort, limit } = request;
  const fields = measuredFields(measures);
  const keys = groupBy.map((_, index) => name('k', index));
  const columns = [
    ...groupBy.map((field, index) =>
      isText(field, grouped) ? sql`to_jsonb(${name('k', index)}) AS ${name('k', index)}` : name('k', index),
    ),
    compileCount(keys, grouped.trialCount),
    ...measures.map((measure, index) => sql`${compileMeasure(measure, fields)} AS ${name('a', index)}`),
    ...fields.map((field, index) =>
      isNumber(field, grouped)
        ? sql`0 AS ${name('s', index)}`
        : sql`count(*) FILTER (WHERE ${name('x', index)}) AS ${name('s', index)}`,
    ),
  ];
  // Without a key there is one group, or none when no trial matches.
  const groupClause = keys.length === 0 ? sql`` : sql`GROUP BY ${joinSql(keys, ', ')}`;
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
  return sql`SELECT ${selectTexts(answer)} FROM (SELECT ${joinSql(columns, ', ')} FROM (${compileRows(grouped, groupBy, fields)}) AS "row" ${groupClause}) AS "group" WHERE "count" > 0 ORDER BY ${order} LIMIT ${bind(limit + 1, 'bigint')}`;
}

/**
 * How many trials a group has. Where trials without a document are not among the rows, one row stands for them: it is taken
 * off, and the trials that no row was counted for are added.
 */
function compileCount(keys: readonly Sql[], trialCount: number | undefined): Sql {
  if (trialCount === undefined) return sql`count(*) AS "count"`;
  const hasNoValue = joinSql(
    keys.map((key) => sql`${key} IS NULL`),
    ' AND ',
    sql`true`,
  );
  return sql`count(*) + CASE WHEN ${hasNoValue} THEN ${bind(trialCount, 'bigint')} - sum(count(*)) OVER () ELSE 0 END AS "count"`;
}

/**
 * One row a trial: the values of the key, and of each measured field the number `n` and, unless all are numbers, whether it is
 * something else, `x`.
 */
function compileRows(grouped: GroupedTrials, groupBy: readonly Field[], fields: readonly Field[]): Sql {
  const keys = groupBy.map((_, index) => name('k', index));
  const values = [
    ...groupBy.map((field, index) =>
      isText(field, grouped)
        ? { value: textAt(DOCUMENT, field.path), name: name('k', index), type: 'text' as const }
        : { value: valueOf(field), name: name('k', index) },
    ),
    ...fields.map((field, index) => ({ value: valueOf(field), name: name('v', index) })),
  ];
  const numbers = fields.flatMap((field, index) => {
    const value = name('v', index);
    const number = sql`CASE WHEN jsonb_typeof(${value}) = 'number' THEN ${value}::numeric END AS ${name('n', index)}`;
    return isNumber(field, grouped)
      ? [number]
      : [number, sql`jsonb_typeof(${value}) <> 'number' AS ${name('x', index)}`];
  });
  const taken = selectValues(
    values,
    sql`${grouped.from} WHERE ${grouped.where}`,
    grouped.trialCount !== undefined,
  );
  return sql`SELECT ${joinSql([...keys, ...numbers], ', ')} FROM (${taken}) AS "value"`;
}

/** Whether all its values are strings: then they are told apart as texts, at a third of the cost. */
function isText(field: Field, { typesOf }: GroupedTrials): field is MetadataField {
  return field.kind === 'metadata' && isOnly(typesOf?.(field), 'string');
}

/** Whether all its values are numbers, so that there is nothing else to be counted. */
function isNumber(field: Field, { typesOf }: GroupedTrials): boolean {
  return isOnly(typesOf?.(field), 'number');
}

function isOnly(types: ReadonlySet<JsonType> | undefined, type: JsonType): boolean {
  return types?.size === 1 && types.has(type);
}

function compileMeasure({ field, op }: Measure, fields: readonly Field[]): Sql {
  const index = fields.findIndex((measured) => sameField(measured, field));
  return MEASURE_OPS[op].compile(name('n', index));
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
function name(letter: 'k' | 'v' | 'n' | 'x' | 'a' | 's', index: number): Sql {
  return trustedSql(`"${letter}${index}"`);
}
