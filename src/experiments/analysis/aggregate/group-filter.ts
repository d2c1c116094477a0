import {
  formatFilter,
  JsonMap,
  parseFilter,
  parseOperands,
  type Condition,
  type Field,
  type Filter,
  type JsonValue,
} from '../../../metadata/index.js';
import { isAccepted } from '../../search/is-accepted.js';
import { FIELD_NAMES } from '../../search/search-request.js';

/** One field of a group's key; `value` undefined for the trials that have none. */
export interface KeyPart {
  readonly field: Field;
  readonly value: JsonValue | undefined;
}

/**
 * Gives the filter that selects the trials of one group, within a search of the same project and the same `archived`.
 * It is null where no request could send it: a text of the key is longer than a filter may hold, or the request's own
 * filter leaves no room for more conditions.
 */
export function groupFilters(
  filter: Filter,
  groupBy: readonly Field[],
): (key: readonly KeyPart[]) => JsonValue | null {
  // Beside the conditions of a list that is there already, so that nothing nests deeper.
  const own = filter.kind === 'and' ? filter.filters : [filter];
  const ownTexts = own.map(formatFilter);
  const example = groupBy.map((field) => conditionOf({ field, value: undefined }));
  const formatted = (conditions: readonly Condition[]): JsonValue =>
    new JsonMap([['and', [...ownTexts, ...conditions.map(formatFilter)]]]);
  if (!isAccepted(() => parseFilter(formatted(example), FIELD_NAMES))) return () => null;
  return (key) => {
    const conditions = key.map(conditionOf);
    return conditions.every(hasRoom) ? formatted(conditions) : null;
  };
}

function conditionOf({ field, value }: KeyPart): Condition {
  if (value === undefined) return { kind: 'condition', field, operator: 'isMissing', operands: [] };
  // A key shows an instant to the millisecond; a column may hold microseconds.
  if (field.kind === 'column' && field.column.type === 'instant' && typeof value === 'string') {
    const last = value.replace('Z', '999Z');
    return { kind: 'condition', field, operator: 'between', operands: [value, last] };
  }
  return { kind: 'condition', field, operator: 'is', operands: [value] };
}

/** Whether a request may hold the condition's texts: a value may be longer. */
function hasRoom({ operator, operands }: Condition): boolean {
  return operator !== 'is' || isAccepted(() => parseOperands(operator, operands[0], FIELD_NAMES, 'filter'));
}
