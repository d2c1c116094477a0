import {
  equalJson,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonText,
  type JsonValue,
} from '../../../src/metadata/document/index.js';
import { foldCase } from './fold-case.js';

/** `contains`, clause by clause as the design words it. */
export function contains(value: JsonValue, operand: JsonValue): boolean {
  if (value === null) return false;
  if (isJsonArray(value)) {
    return value.some(
      (element) => equalJson(element, operand) || (!countsByText(element) && contains(element, operand)),
    );
  }
  if (isJsonObject(value)) {
    if (isJsonObject(operand) && holds(value, operand)) return true;
    return [...value.values()].some((member) => contains(member, operand));
  }
  const wanted = textOf(operand);
  const text = textOf(value);
  return wanted !== undefined && text !== undefined && foldCase(text).includes(foldCase(wanted));
}

/** Elements of a list that must be equal: only strings, lists and objects are looked into. */
function countsByText(element: JsonValue): boolean {
  return element === null || typeof element === 'boolean' || element instanceof JsonNumber;
}

/** What a value is as literal text; null, lists and objects are none. */
function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || value instanceof JsonNumber ? jsonText(value) : undefined;
}

/** JSON containment: members by key, elements anywhere in the list, scalars by value. */
function holds(whole: JsonValue, part: JsonValue): boolean {
  if (isJsonObject(part)) {
    return (
      isJsonObject(whole) &&
      [...part].every(([key, wanted]) => {
        const member = whole.get(key);
        return member !== undefined && holds(member, wanted);
      })
    );
  }
  if (isJsonArray(part)) {
    return isJsonArray(whole) && part.every((wanted) => whole.some((element) => holds(element, wanted)));
  }
  return equalJson(whole, part);
}
