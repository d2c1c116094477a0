import { formatPath, isJsonArray, isJsonObject, type JsonValue, type Path } from '../document/index.js';
import { compileColumnCondition } from './compile-column-condition.js';
import { compileHasType } from './compile-has-type.js';
import { compileJsonCondition } from './compile-json-condition.js';
import { containment } from './containment.js';
import { conditionsOf, unreachable, type Condition, type Filter, type SomeValue } from './filter.js';
import { literalValueAt } from './indexed-value.js';
import { baseOf, type BaseOperator } from './operators.js';
import { lookUpSomeValue, someValues, VALUE } from './some-value.js';
import { FALSE, joinSql, sql, TRUE, type Sql } from './sql.js';
import { valueAt } from './value-at.js';
import { containsAtPath, startsWithAtPath } from './match-at-path.js';

/** Where a compiled filter finds the document. */
export interface FilterScope {
  /** The jsonb document of the row; SQL NULL for a trial without metadata. */
  readonly document: Sql;
  /** Fields whose values have an index, by path as text: they are written as the index has them. */
  readonly indexed?: ReadonlyMap<string, Path>;
}

/** Where a part of a filter finds the document, and how its texts are looked for. */
interface PartScope extends FilterScope {
  /** Whether texts may be looked for by patterns. */
  readonly patterns: boolean;
}

/** PostgreSQL keeps 32 patterns parsed; with more than that in turn, it would parse each of them for each document. */
const MOST_PATTERNS = 16;

/**
 * Turns a filter into an SQL condition for a WHERE clause: true exactly for the rows that meet it. Elsewhere it may be
 * unknown, which a WHERE clause takes as false; a negation is `IS NOT TRUE`, so that it is always the complement.
 *
 *     {"not": {"field": "metadata.a", "operator": "is", "value": 1}}
 *     ((m.metadata -> $1::text) = $2::jsonb) IS NOT TRUE
 */
export function compileFilter(filter: Filter, scope: FilterScope): Sql {
  return compile(filter, partScope(filter, scope), false);
}

/** The same as several conditions, which the rows that meet the filter meet all. */
export function compileParts(filter: Filter, scope: FilterScope): readonly Sql[] {
  const parts = filter.kind === 'and' ? filter.filters : [filter];
  const part = partScope(filter, scope);
  return parts.map((child) => compile(child, part, false));
}

function partScope(filter: Filter, scope: FilterScope): PartScope {
  const texts = [...conditionsOf(filter)].filter(({ operator }) => isOfText(baseOf(operator).operator));
  return { ...scope, patterns: texts.length <= MOST_PATTERNS };
}

function isOfText(operator: BaseOperator): boolean {
  return operator === 'contains' || operator === 'startsWith';
}

function compile(filter: Filter, scope: PartScope, negated: boolean): Sql {
  switch (filter.kind) {
    case 'condition':
      return compileCondition(filter, scope, negated);
    case 'not':
      return sql`(${compile(filter.filter, scope, true)}) IS NOT TRUE`;
    case 'and':
      return compileGroup(filter.filters, ' AND ', TRUE, scope, negated);
    case 'or':
      return compileGroup(filter.filters, ' OR ', FALSE, scope, negated);
    case 'some':
      return compileSomeValue(filter, scope, negated);
    case 'type':
      return compileHasType(valueAt(scope.document, filter.path), filter.type);
    default:
      throw unreachable(filter);
  }
}

function compileGroup(
  filters: readonly Filter[],
  separator: string,
  empty: Sql,
  scope: PartScope,
  negated: boolean,
): Sql {
  if (filters.length === 0) return empty;
  return sql`(${joinSql(
    filters.map((child) => compile(child, scope, negated)),
    separator,
  )})`;
}

function compileCondition(condition: Condition, scope: PartScope, insideNot: boolean): Sql {
  const { operator, negated } = baseOf(condition.operator);
  const { field, operands } = condition;
  if (field.kind === 'column')
    return complement(compileColumnCondition(field.column, operator, operands), negated);
  const indexed = scope.indexed?.get(formatPath(field.path));
  const value =
    indexed === undefined ? valueAt(scope.document, field.path) : literalValueAt(scope.document, indexed);
  const text = scope.patterns
    ? compileText(scope.document, field.path, value, operator, operands[0])
    : undefined;
  const exact = text ?? compileJsonCondition(value, operator, operands);
  const lookup =
    operator === 'is' && !negated && !insideNot
      ? containment(scope.document, field.path, operands[0] ?? null)
      : undefined;
  if (lookup === undefined) return complement(exact, negated);
  // Below a key, containment of a scalar is equality with it: only at the top does a list contain its elements.
  return isScalar(operands[0]) && field.path.length > 0 ? lookup : sql`(${lookup} AND ${exact})`;
}

/** A condition on texts, where a pattern says all of it. */
function compileText(
  document: Sql,
  path: Path,
  value: Sql,
  operator: BaseOperator,
  operand: JsonValue = null,
): Sql | undefined {
  if (operator === 'contains') return containsAtPath(document, path, value, operand);
  return operator === 'startsWith' && typeof operand === 'string'
    ? startsWithAtPath(document, path, operand)
    : undefined;
}

function isScalar(value: JsonValue | undefined): boolean {
  return value !== undefined && !isJsonArray(value) && !isJsonObject(value);
}

/**
 *     EXISTS (SELECT FROM jsonb_path_query(m.metadata, $1::jsonpath) AS "value" WHERE "value" = $2::jsonb)
 */
function compileSomeValue(filter: SomeValue, scope: PartScope, insideNot: boolean): Sql {
  const condition = compile(filter.filter, { document: VALUE, patterns: scope.patterns }, insideNot);
  const exact = sql`EXISTS (SELECT FROM ${someValues(scope.document, filter)} WHERE ${condition})`;
  const lookup = insideNot ? undefined : lookUpSomeValue(scope.document, filter);
  return lookup === undefined ? exact : sql`(${lookup} AND ${exact})`;
}

function complement(condition: Sql, negated: boolean): Sql {
  return negated ? sql`(${condition}) IS NOT TRUE` : condition;
}
