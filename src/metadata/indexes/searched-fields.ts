import { JsonNumber, type JsonValue, type Path } from '../document/index.js';
import { isInstant, isLookedUpByText, type Condition, type Filter, type Sort } from '../query/index.js';
import { targetKey, type IndexTarget } from './index-target.js';

/** What a search asked for. */
export interface Search {
  readonly filter: Filter;
  readonly sort: Sort;
}

/** How a search asks for a field. */
export type FieldUse = 'sorted' | 'ranged' | 'contained';

/** A field that a search asks for in a way that an index of the field serves. */
export interface SearchedField extends IndexTarget {
  readonly uses: ReadonlySet<FieldUse>;
}

/**
 * The indexes that would serve a search, by {@link targetKey}: those of the values of the first key of its sort, in the order
 * of JSON, and of what every match must have within bounds; and of the texts of what every match must contain, or start
 * with. Instants are bounds too, but not in the order of an index.
 */
export function searchedFields({ filter, sort }: Search): ReadonlyMap<string, SearchedField> {
  const fields = new Map<string, SearchedField>();
  const add = (path: Path, use: FieldUse) => {
    const target: IndexTarget = { path, kind: use === 'contained' ? 'texts' : 'values' };
    const key = targetKey(target);
    fields.set(key, { ...target, uses: new Set([...(fields.get(key)?.uses ?? []), use]) });
  };
  const sorted = sortedPath(sort);
  if (sorted !== undefined) add(sorted, 'sorted');
  for (const { field, operator, operands } of conditionsOfAll(filter)) {
    if (field.kind === 'column') continue;
    if (RANGES.has(operator) && operands.every(isBound)) add(field.path, 'ranged');
    if (isLookedUpByText(operator, operands)) add(field.path, 'contained');
  }
  return fields;
}

/** An order by columns of the host beside it is none that an index has. */
function sortedPath(sort: Sort): Path | undefined {
  const [first] = sort;
  if (first?.as !== 'json' || sort.some(({ field }) => field.kind === 'column')) return undefined;
  return first.field.kind === 'metadata' ? first.field.path : undefined;
}

/** The conditions that every match must meet. */
function* conditionsOfAll(filter: Filter): Generator<Condition> {
  if (filter.kind === 'and') {
    for (const child of filter.filters) yield* conditionsOfAll(child);
  } else if (filter.kind === 'condition') {
    yield filter;
  }
}

const RANGES: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte', 'between']);

function isBound(operand: JsonValue): boolean {
  return operand instanceof JsonNumber || (typeof operand === 'string' && !isInstant(operand));
}
