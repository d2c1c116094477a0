import type { Filter, JsonValue, Path, SomeValue } from '../../metadata/index.js';
import type { ColumnType } from './column-type.js';
import { allOf, anyOf, not, test, typed } from './filters.js';
import type { RunOperator } from './run-operator.js';
import { testOfValue } from './test-value.js';

/**
 * A condition of Determined's on metadata, in the plugin's tree. A list stands for its elements, any of which may pass:
 *
 *     metadata.gpus != "A100" of type text
 *     {some: elements of gpus: {and: [of type text or boolean, {not: {is: "A100"}}]}}
 *
 * @param operand null only for the operators that take none
 * @throws InvalidArgumentError for an operand that the type cannot have
 */
export function metadataFilter(
  path: Path,
  type: ColumnType,
  operator: RunOperator,
  operand: JsonValue,
): Filter {
  if (operator === 'isEmpty') return not(isLeaf(path));
  if (operator === 'notEmpty') return isLeaf(path);
  const passes = testOfValue(type, operator, operand);
  if (type !== 'COLUMN_TYPE_ARRAY') return some('elements', path, passes);
  return some('values', path, allOf(typed('array'), some('elements', [], passes)));
}

/** A scalar, an empty object or an empty list. Within a list the latter is none, unlike there. */
function isLeaf(path: Path): Filter {
  const isNoParent = anyOf(not(typed('object')), test('is', new Map()));
  return anyOf(some('elements', path, isNoParent), some('values', path, test('is', [])));
}

function some(of: SomeValue['of'], path: Path, filter: Filter): SomeValue {
  return { kind: 'some', path, of, filter };
}
