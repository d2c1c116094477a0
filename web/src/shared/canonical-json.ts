import {
  isJsonArray,
  isJsonObject,
  isZero,
  JsonNumber,
  readDecimal,
  writeJson,
  type JsonValue,
} from './metadata.js';

/** The same text for values that are equal as JSON, and for these alone: 1 and 1.0 are, whatever the order of keys. */
export function canonicalJson(value: JsonValue): string {
  if (value instanceof JsonNumber) return canonicalNumber(value);
  if (isJsonArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (!isJsonObject(value)) return writeJson(value);
  const members = [...value].map(([key, member]) => `${writeJson(key)}:${canonicalJson(member)}`);
  return `{${members.sort().join()}}`;
}

/** Its digits, without zeros at either end, and where they begin. */
function canonicalNumber(number: JsonNumber): string {
  const decimal = readDecimal(number);
  const { negative, digits, first, point } = decimal;
  if (isZero(decimal)) return '0';
  let end = digits.length;
  while (digits.endsWith('0', end)) end -= 1;
  return `${negative ? '-' : ''}${digits.slice(first, end)}e${point - first}`;
}
