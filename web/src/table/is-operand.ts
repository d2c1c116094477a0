import {
  characterCount,
  DEFAULT_QUERY_LIMITS,
  isJsonArray,
  isJsonObject,
  type JsonValue,
} from '../shared/metadata.js';

/** As many characters may a text of a filter have, and each one within its lists and objects. */
export const MAX_OPERAND_LENGTH = DEFAULT_QUERY_LIMITS.textLength;

/** Whether a filter may name the value: the API takes no longer texts. */
export function isOperand(value: JsonValue): boolean {
  if (typeof value === 'string') return characterCount(value) <= MAX_OPERAND_LENGTH;
  if (isJsonArray(value)) return value.every(isOperand);
  return !isJsonObject(value) || [...value].every((member) => member.every(isOperand));
}
