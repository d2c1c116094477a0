import { isJsonArray, isJsonObject, writeJson, type JsonValue } from './metadata.js';

/** A value as indented JSON text, two spaces a level; numbers keep every digit. */
export function prettyJson(value: JsonValue, indent = ''): string {
  const inner = `${indent}  `;
  if (isJsonArray(value) && value.length > 0) {
    return `[\n${value.map((element) => inner + prettyJson(element, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(value) && value.size > 0) {
    const members = [...value].map(
      ([key, member]) => `${inner}${writeJson(key)}: ${prettyJson(member, inner)}`,
    );
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return writeJson(value);
}
