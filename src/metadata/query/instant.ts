import { bind, sql, type Sql } from './sql.js';

const MONTH_31 = '(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])';
const MONTH_30 = '(0[469]|11)-(0[1-9]|[12][0-9]|30)';
const FEBRUARY = '02-(0[1-9]|1[0-9]|2[0-8])';
const ORDINARY_DATE = `([0-9]{4}-(${MONTH_31}|${MONTH_30}|${FEBRUARY}))`;
const LEAP_YEAR = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)';
const YEAR_AND_MONTH = '([0-9]{4}-(0[1-9]|1[0-2]))';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?';
const OFFSET = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)';

/**
 * ISO 8601 dates and times of the proleptic Gregorian calendar: `2024-05`, `2024-05-01`, `2024-05-01T10:00`,
 * `2024-05-01 10:00:00.123456Z`, `…+05:30`. Only days that exist, so that a cast of what matches can't fail. Written
 * for both regular-expression engines, JavaScript's and PostgreSQL's.
 */
const INSTANT = `^(${YEAR_AND_MONTH}|(${ORDINARY_DATE}|${LEAP_YEAR}-02-29)([T ]${TIME}${OFFSET}?)?)$`;
/** PostgreSQL has no year 0. */
const YEAR_ZERO = '0000';

const instantPattern = new RegExp(INSTANT);

/** Whether a string is an ISO 8601 date or time, and so compares as an instant. */
export function isInstant(text: string): boolean {
  return instantPattern.test(text) && !text.startsWith(YEAR_ZERO);
}

/** What of the instants is a {@link isDate date}: a time has seconds and an offset, with a colon or `Z`. */
const DATE = '^[0-9]{4}-[0-9]{2}(-[0-9]{2}(T[0-9:]{8}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?$';
const datePattern = new RegExp(DATE);

/** Whether a string is an RFC 3339 time, `YYYY-MM-DD` or `YYYY-MM`: a narrower notion than {@link isInstant}. */
export function isDate(text: string): boolean {
  return datePattern.test(text) && isInstant(text);
}

/** {@link isDate} of an SQL text expression. */
export function isDateSql(text: Sql): Sql {
  return sql`(${text} ~ ${bind(DATE, 'text')} AND ${isInstantSql(text)})`;
}

/** {@link isInstant} of an SQL text expression. */
export function isInstantSql(text: Sql): Sql {
  return sql`(${text} ~ ${bind(INSTANT, 'text')} AND NOT starts_with(${text}, '0000'))`;
}

/**
 * The `timestamptz` of an SQL text expression for which {@link isInstantSql} holds; without an offset it is UTC. Digits
 * beyond the microsecond are cut, not rounded. Guard it with a CASE: for other text it fails.
 */
export function instantSql(text: Sql): Sql {
  const day = sql`CASE WHEN length(${text}) = 7 THEN ${text} || '-01' ELSE regexp_replace(replace(${text}, ',', '.'), '([.][0-9]{6})[0-9]+', '\\1') END`;
  const zone = sql`CASE WHEN ${text} ~ '[T ].*(Z|[+-][0-9:]+)$' THEN '' ELSE ' UTC' END`;
  return sql`((${day}) || (${zone}))::timestamptz`;
}
