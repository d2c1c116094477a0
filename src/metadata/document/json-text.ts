import { printNumber } from './decimal.js';
import { isJsonArray, JsonNumber, type JsonValue } from './json-value.js';
import { membersInStorageOrder } from './storage-order.js';

/**
 * The value as PostgreSQL prints jsonb: `{"b": 1000, "aa": [1.50, true]}`; keys in storage order, a space behind each
 * colon and comma, numbers written out.
 */
export function jsonText(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof JsonNumber) return printNumber(value);
  if (isJsonArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  const members = membersInStorageOrder(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${jsonText(member)}`,
  );
  return `{${members.join(', ')}}`;
}
