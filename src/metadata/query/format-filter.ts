import { JsonMap, type JsonValue } from '../document/index.js';
import { formatField } from './field.js';
import { unreachable, type Condition, type Filter } from './filter.js';
import { OPERATORS } from './operators.js';
import type { Sort } from './sort.js';

/**
 * The filter as a request would write it; {@link parseFilter} reads it back to the same tree, but for `some` and `type`,
 * which the filter language has no words for.
 */
export function formatFilter(filter: Filter): JsonValue {
  switch (filter.kind) {
    case 'condition':
      return formatCondition(filter);
    case 'not':
      return new JsonMap<JsonValue>([['not', formatFilter(filter.filter)]]);
    case 'and':
    case 'or':
      return new JsonMap<JsonValue>([[filter.kind, filter.filters.map(formatFilter)]]);
    case 'some':
      return new JsonMap<JsonValue>([['some', [filter.of, filter.path, formatFilter(filter.filter)]]]);
    case 'type':
      return new JsonMap<JsonValue>([['type', [filter.path, filter.type]]]);
    default:
      throw unreachable(filter);
  }
}

/** The sort as a request would write it. */
export function formatSort(sort: Sort): JsonValue {
  return sort.map(
    (key) =>
      new JsonMap<JsonValue>([
        ['field', formatField(key.field)],
        ['direction', key.direction],
        ['as', key.as],
      ]),
  );
}

function formatCondition(condition: Condition): JsonValue {
  const members: [string, JsonValue][] = [
    ['field', formatField(condition.field)],
    ['operator', condition.operator],
  ];
  const shape = OPERATORS[condition.operator].operand;
  if (shape === 'list' || shape === 'pair') members.push(['value', condition.operands]);
  else if (shape !== 'none') members.push(['value', condition.operands[0] ?? null]);
  return new JsonMap<JsonValue>(members);
}
