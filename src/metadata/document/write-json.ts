import { JsonNumber, RawJson } from './json-value.js';

/** A cycle would otherwise end in an exhausted stack. */
const MAX_DEPTH = 1_000;
/** A control character, a double quote, a backslash or a surrogate. */
const NEEDS_ESCAPE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/**
 * Writes a value as compact JSON. Takes what handlers return: plain objects and instances of classes (own enumerable
 * members), arrays, maps with string keys, scalars, bigint, Date (ISO 8601), anything with `toJSON`, and
 * {@link JsonNumber} and {@link RawJson} as they stand. Undefined members are left out; an undefined element is null.
 *
 * Throws a TypeError for what JSON cannot say (NaN, functions, symbols, cycles): a mistake of the program.
 */
export function writeJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      throw new TypeError(`JSON has no number ${value}: write null instead.`);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, depth);
    default:
      throw new TypeError(`JSON cannot say a value of type ${typeof value}.`);
  }
}

function writeObject(value: object, depth: number): string {
  if (value instanceof JsonNumber || value instanceof RawJson) return value.text;
  if (depth === MAX_DEPTH) throw new TypeError(`Nested deeper than ${MAX_DEPTH}: probably a cycle.`);
  if (Array.isArray(value)) return writeArray(value, depth);
  if (value instanceof Map) return writeMap(value, depth);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return write(toJSON.call(value, ''), depth + 1);
  return writeMembers(value as Readonly<Record<string, unknown>>, depth);
}

function writeArray(elements: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < elements.length; i += 1) {
    if (i > 0) text += ',';
    text += elements[i] === undefined ? 'null' : write(elements[i], depth + 1);
  }
  return `${text}]`;
}

function writeMap(members: ReadonlyMap<unknown, unknown>, depth: number): string {
  let text = '{';
  for (const [key, value] of members) {
    if (typeof key !== 'string') throw new TypeError('A key of a map is no string.');
    if (value === undefined) continue;
    text += `${text === '{' ? '' : ','}${quote(key)}:${write(value, depth + 1)}`;
  }
  return `${text}}`;
}

function writeMembers(members: Readonly<Record<string, unknown>>, depth: number): string {
  let text = '{';
  for (const key of Object.keys(members)) {
    const value = members[key];
    if (value === undefined) continue;
    text += `${text === '{' ? '' : ','}${quote(key)}:${write(value, depth + 1)}`;
  }
  return `${text}}`;
}

/** `JSON.stringify` is right for every string, but its call costs more than the look at an ordinary one. */
function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
