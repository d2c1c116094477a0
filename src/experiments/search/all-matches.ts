import {
  afterPageEnd,
  bind,
  joinSql,
  matchingTrials,
  orderBy,
  pageValue,
  sql,
  trustedSql,
  type MatchingTrials,
  type OrderKey,
  type ReadRows,
  type Sql,
} from '../../metadata/index.js';
import { columnsOf } from './page.js';
import { selectTexts } from './select-row.js';
import { TRIAL_SOURCE } from './trial-source.js';
import { keyName, type Wanted } from './trial-walk.js';

/** All matches, sorted. */
export function allOf(wanted: Wanted, keys: readonly OrderKey[], condition?: Sql): Sql {
  const { from, where } = allMatches(wanted, keys, condition);
  const id = TRIAL_SOURCE.trialId;
  const selected = selectTexts([id, ...keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM ${from} WHERE ${where} ORDER BY ${orderBy(keys, id)} LIMIT ${bind(wanted.limit, 'bigint')}`;
}

/**
 * The same where a walk has shown that few match: OFFSET 0 keeps the planner from walking the order once more, all of it,
 * in the hope that the first ones come soon.
 */
export function allAtOnce(
  wanted: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows: ReadRows | undefined,
): Sql {
  const found = foundAtOnce(wanted, keys, condition, rows);
  const selected = selectTexts([found.id, ...found.keys.map(pageValue)]);
  return sql`SELECT ${selected} FROM (${found.sql}) AS "found" ORDER BY ${orderBy(found.keys, found.id)} LIMIT ${bind(wanted.limit, 'bigint')}`;
}

/** All matches as a sub-select to be named `"found"`, whose ids and keys are read from it. */
export function foundAtOnce(
  wanted: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows: ReadRows | undefined,
  rowByRow?: boolean,
): { readonly sql: Sql; readonly id: Sql; readonly keys: readonly OrderKey[] } {
  const { from, where } = allMatches(wanted, keys, condition, rows, rowByRow);
  const columns = keys.map((key, index) => sql`, ${key.expression} AS ${keyName(index)}`);
  return {
    sql: sql`SELECT ${TRIAL_SOURCE.trialId} AS "id"${joinSql(columns, '')} FROM ${from} WHERE ${where} OFFSET 0`,
    id: trustedSql('"found"."id"'),
    keys: keys.map((key, index) => ({ ...key, expression: sql`"found".${keyName(index)}` })),
  };
}

function allMatches(
  { tables, filter, restriction, sort, end, withMetadata }: Wanted,
  keys: readonly OrderKey[],
  condition: Sql | undefined,
  rows?: ReadRows,
  rowByRow = false,
): MatchingTrials {
  const columns = columnsOf(sort);
  const { from, where } = matchingTrials({
    source: TRIAL_SOURCE,
    tables,
    filter,
    restriction,
    columns,
    rows,
    rowByRow,
    withMetadata,
  });
  const conditions = [where, ...(condition === undefined ? [] : [condition])];
  if (end !== undefined) conditions.push(afterPageEnd(keys, TRIAL_SOURCE.trialId, 'bigint', end));
  return { from, where: joinSql(conditions, ' AND ') };
}
