import { isJsonNumberText, JsonNumber, parseJson, type JsonValue } from '../metadata/index.js';

/** The number that an operand is or, as text, spells; undefined for another value or one that no column can hold. */
export function readNumber(operand: JsonValue): JsonNumber | undefined {
  if (operand instanceof JsonNumber) return operand;
  if (typeof operand !== 'string' || !isJsonNumberText(operand.trim())) return undefined;
  try {
    const number = parseJson(operand.trim());
    return number instanceof JsonNumber ? number : undefined;
  } catch {
    return undefined;
  }
}
