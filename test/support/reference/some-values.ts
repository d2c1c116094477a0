import { isJsonArray, isJsonObject, type JsonValue } from '../../../src/metadata/document/index.js';
import type { SomeValue } from '../../../src/metadata/query/index.js';

/** The values at a path, where a list on the way, and for `elements` one at its end, stands for its elements. */
export function someValues({ path, of }: SomeValue, root: JsonValue | undefined): readonly JsonValue[] {
  let values: readonly JsonValue[] = root === undefined ? [] : [root];
  path.forEach((key, index) => {
    // What a path starts from is looked at as it is, unless it is a list.
    const holders = index === 0 ? values : values.flatMap(elementsOf);
    values = holders.flatMap((holder) => {
      const value = isJsonObject(holder) ? holder.get(key) : undefined;
      return value === undefined ? [] : [value];
    });
  });
  return of === 'elements' ? values.flatMap(elementsOf) : values;
}

/** The elements of a list, those of lists within it too; any other value by itself. */
function elementsOf(value: JsonValue): readonly JsonValue[] {
  return isJsonArray(value) ? value.flatMap(elementsOf) : [value];
}
