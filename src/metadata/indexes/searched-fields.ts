import { formatPath, JsonNumber, type JsonValue, type Path } from '../document/index.js';
import { isInstant, type Filter, type Sort } from '../query/index.js';

/** What a search asked for. */
export interface Search {
  readonly filter: Filter;
  readonly sort: Sort;
}

/** A field that a search asks for in a way that an index of the field serves. */
export interface SearchedField {
  readonly path: Path;
  readonly sorted: boolean;
  readonly ranged: boolean;
}

/**
 * The fields whose indexes would serve a search, by their paths as text: the first key of its sort, in the order of
 * JSON, and those that every match must have within bounds. Instants are bounds too, but not in the order of an index.
 */
export function searchedFields({ filter, sort }: Search): ReadonlyMap<string, SearchedField> {
  const fields = new Map<string, SearchedField>();
  const sorted = sortedPath(sort);
  if (sorted !== undefined) fields.set(formatPath(sorted), { path: sorted, sorted: true, ranged: false });
  for (const path of rangedPaths(filter)) {
    const name = formatPath(path);
    fields.set(name, { path, sorted: fields.get(name)?.sorted ?? false, ranged: true });
  }
  return fields;
}

/** An order by columns of the host beside it is none that an index has. */
function sortedPath(sort: Sort): Path | undefined {
  const [first] = sort;
  if (first?.as !== 'json' || sort.some(({ field }) => field.kind === 'column')) return undefined;
  return first.field.kind === 'metadata' ? first.field.path : undefined;
}

function* rangedPaths(filter: Filter): Generator<Path> {
  if (filter.kind === 'and') {
    for (const child of filter.filters) yield* rangedPaths(child);
  } else if (filter.kind === 'condition' && filter.field.kind === 'metadata') {
    const { field, operator, operands } = filter;
    if (RANGES.has(operator) && operands.every(isBound)) yield field.path;
  }
}

const RANGES: ReadonlySet<string> = new Set(['gt', 'gte', 'lt', 'lte', 'between']);

function isBound(operand: JsonValue): boolean {
  return operand instanceof JsonNumber || (typeof operand === 'string' && !isInstant(operand));
}
