import {
  isJsonArray,
  isJsonObject,
  OPERATORS,
  writeJson,
  type JsonValue,
  type Operator,
} from '../shared/metadata.js';

/** A condition as requests write it. */
export function condition(field: string, operator: Operator, value?: JsonValue): JsonValue {
  const members: [string, JsonValue][] = [
    ['field', field],
    ['operator', operator],
  ];
  if (OPERATORS[operator].operand !== 'none') members.push(['value', value ?? null]);
  return new Map(members);
}

/** The filter and one condition more; null is the filter that every trial meets. */
export function withCondition(filter: JsonValue, added: JsonValue): JsonValue {
  if (filter === null) return new Map([['and', [added]]]);
  const all = isJsonObject(filter) ? filter.get('and') : undefined;
  return new Map([['and', isJsonArray(all) ? [...all, added] : [filter, added]]]);
}

/** Both filters at once. */
export function both(first: JsonValue, second: JsonValue): JsonValue {
  if (second === null) return first;
  return first === null ? second : withCondition(first, second);
}

/** The filter with every occurrence of a condition replaced. */
export function replaceCondition(filter: JsonValue, old: JsonValue, replacement: JsonValue): JsonValue {
  return mapConditions(filter, writeJson(old), replacement) ?? null;
}

/** The filter without a condition; groups that are left empty go with it. */
export function withoutCondition(filter: JsonValue, old: JsonValue): JsonValue {
  return mapConditions(filter, writeJson(old), undefined) ?? null;
}

function mapConditions(
  filter: JsonValue,
  old: string,
  replacement: JsonValue | undefined,
): JsonValue | undefined {
  if (!isJsonObject(filter)) return filter;
  for (const key of ['and', 'or'] as const) {
    const children = filter.get(key);
    if (!isJsonArray(children)) continue;
    const mapped = children.flatMap((child) => {
      const next = mapConditions(child, old, replacement);
      return next === undefined ? [] : [next];
    });
    return mapped.length === 0 ? undefined : new Map([[key, mapped]]);
  }
  if (filter.has('not')) {
    const inner = mapConditions(filter.get('not') ?? null, old, replacement);
    return inner === undefined ? undefined : new Map([['not', inner]]);
  }
  return writeJson(filter) === old ? replacement : filter;
}
