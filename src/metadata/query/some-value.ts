import { isJsonArray, isJsonObject, writeJson, type JsonScalar, type Path } from '../document/index.js';
import type { Filter, SomeValue } from './filter.js';
import { bind, identifier, sql, type Sql } from './sql.js';

/** The value under test in {@link someValues}. */
export const VALUE = identifier('value');

/** Steps into lists within lists. In lax mode a step leaves alone what is no list, so more than needed do no harm. */
const INTO_LISTS = '[*]'.repeat(10);

/** The values that a {@link SomeValue} looks at, as a FROM item whose column is {@link VALUE}. */
export function someValues(document: Sql, some: SomeValue): Sql {
  return sql`jsonb_path_query(${document}, ${bind(pathText(some), 'jsonpath')}) AS ${VALUE}`;
}

/**
 * A condition that an index on the whole document serves, true for every document in which some value meets the filter:
 * for filters that ask for equality with scalars.
 *
 *     m.metadata @? 'lax $."gpus"[*] ? (@ == "A100")'
 */
export function lookUpSomeValue(document: Sql, some: SomeValue): Sql | undefined {
  const scalars = scalarsAskedFor(some.filter);
  if (scalars === undefined || scalars.length === 0) return undefined;
  const tests = scalars.map((scalar) => `@ == ${writeJson(scalar)}`).join(' || ');
  return sql`${document} @? ${bind(`${pathText(some)} ? (${tests})`, 'jsonpath')}`;
}

/** JSON strings are strings of the path language too. */
function pathText({ path, of }: Pick<SomeValue, 'path' | 'of'>): string {
  const keys = (part: Path) => part.map((key) => `.${writeJson(key)}`).join(INTO_LISTS);
  return `lax $${keys(path)}${of === 'elements' ? INTO_LISTS : ''}`;
}

/** Scalars one of which the value itself must be equal to; undefined when it may be something else. */
function scalarsAskedFor(filter: Filter): readonly JsonScalar[] | undefined {
  switch (filter.kind) {
    case 'and':
      return filter.filters.map(scalarsAskedFor).find((scalars) => scalars !== undefined);
    case 'or': {
      const alternatives = filter.filters.map(scalarsAskedFor);
      return alternatives.includes(undefined) ? undefined : alternatives.flatMap((scalars) => scalars ?? []);
    }
    case 'condition': {
      const { field, operator, operands } = filter;
      const [operand] = operands;
      const isOfValue = field.kind === 'metadata' && field.path.length === 0;
      if (!isOfValue || operator !== 'is' || operand === undefined) return undefined;
      return isJsonArray(operand) || isJsonObject(operand) ? undefined : [operand];
    }
    default:
      return undefined;
  }
}
