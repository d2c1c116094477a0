import { formatPath, isJsonArray, isJsonObject, type JsonValue, type Path } from '../document/index.js';
import { compileColumnCondition } from './compile-column-condition.js';
import { compileHasType } from './compile-has-type.js';
import { compileJsonCondition } from './compile-json-condition.js';
import { unreachable, type Condition, type Filter, type SomeValue } from './filter.js';
import { literalValueAt } from './indexed-value.js';
import { containment } from './look-up.js';
import { baseOf } from './operators.js';
import { lookUpSomeValue, someValues, VALUE } from './some-value.js';
import { bind, FALSE, joinSql, sql, TRUE, type Sql } from './sql.js';

/** Where a compiled filter finds the document. */
export interface FilterScope {
  /** The jsonb document of the row; SQL NULL for a trial without metadata. */
  readonly document: Sql;
  /** Fields whose values have an index, by path as text: they are written as the index has them. */
  readonly indexed?: ReadonlyMap<string, Path>;
}

/**
 * Turns a filter into an SQL condition for a WHERE clause: true exactly for the rows that meet it. Elsewhere it may be
 * unknown, which a WHERE clause takes as false; a negation is `IS NOT TRUE`, so that it is always the complement.
 *
 *     {"not": {"field": "metadata.a", "operator": "is", "value": 1}}
 *     ((m.metadata -> $1::text) = $2::jsonb) IS NOT TRUE
 */
export function compileFilter(filter: Filter, scope: FilterScope): Sql {
  return compile(filter, scope, false);
}

/**
 * The value at a path, SQL NULL when it is not there. `->` with a text operand goes through objects only, so a key
 * such as `0` never picks an element of a list.
 */
export function valueAt(document: Sql, path: Path): Sql {
  return sql`(${joinSql([document, ...path.map((segment) => bind(segment, 'text'))], ' -> ')})`;
}

function compile(filter: Filter, scope: FilterScope, negated: boolean): Sql {
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
  scope: FilterScope,
  negated: boolean,
): Sql {
  if (filters.length === 0) return empty;
  return sql`(${joinSql(
    filters.map((child) => compile(child, scope, negated)),
    separator,
  )})`;
}

function compileCondition(condition: Condition, scope: FilterScope, insideNot: boolean): Sql {
  const { operator, negated } = baseOf(condition.operator);
  const { field, operands } = condition;
  if (field.kind === 'column')
    return complement(compileColumnCondition(field.column, operator, operands), negated);
  const indexed = scope.indexed?.get(formatPath(field.path));
  const value =
    indexed === undefined ? valueAt(scope.document, field.path) : literalValueAt(scope.document, indexed);
  const exact = compileJsonCondition(value, operator, operands);
  const lookup =
    operator === 'is' && !negated && !insideNot
      ? containment(scope.document, field.path, operands[0] ?? null)
      : undefined;
  if (lookup === undefined) return complement(exact, negated);
  // Below a key, containment of a scalar is equality with it: only at the top does a list contain its elements.
  return isScalar(operands[0]) && field.path.length > 0 ? lookup : sql`(${lookup} AND ${exact})`;
}

function isScalar(value: JsonValue | undefined): boolean {
  return value !== undefined && !isJsonArray(value) && !isJsonObject(value);
}

/**
 *     EXISTS (SELECT FROM jsonb_path_query(m.metadata, $1::jsonpath) AS "value" WHERE "value" = $2::jsonb)
 */
function compileSomeValue(filter: SomeValue, scope: FilterScope, insideNot: boolean): Sql {
  const condition = compile(filter.filter, { document: VALUE }, insideNot);
  const exact = sql`EXISTS (SELECT FROM ${someValues(scope.document, filter)} WHERE ${condition})`;
  const lookup = insideNot ? undefined : lookUpSomeValue(scope.document, filter);
  return lookup === undefined ? exact : sql`(${lookup} AND ${exact})`;
}

function complement(condition: Sql, negated: boolean): Sql {
  return negated ? sql`(${condition}) IS NOT TRUE` : condition;
}
