import {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../shared/metadata.js';
import { UnexpectedAnswerError } from './api-error.js';

type Member = JsonValue | undefined;

/** @throws UnexpectedAnswerError when it is no object */
export function readObject(value: Member, place: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new UnexpectedAnswerError(place);
}

/** @throws UnexpectedAnswerError when it is no list */
export function readList(value: Member, place: string): JsonArray {
  if (isJsonArray(value)) return value;
  throw new UnexpectedAnswerError(place);
}

/** @throws UnexpectedAnswerError when it is no string */
export function readText(value: Member, place: string): string {
  if (typeof value === 'string') return value;
  throw new UnexpectedAnswerError(place);
}

/** A string, or null when there is none. */
export function readTextOrNull(value: Member): string | null {
  return typeof value === 'string' ? value : null;
}

/** An id or a count: a number that JavaScript holds exactly. */
export function readNumber(value: Member, place: string): number {
  if (value instanceof JsonNumber) return value.toNumber();
  throw new UnexpectedAnswerError(place);
}

/** A number, or null when there is none. */
export function readNumberOrNull(value: Member): number | null {
  return value instanceof JsonNumber ? value.toNumber() : null;
}

/** The strings of a list; an empty list when there is none. */
export function readTexts(value: Member): readonly string[] {
  return isJsonArray(value) ? value.filter((element) => typeof element === 'string') : [];
}
