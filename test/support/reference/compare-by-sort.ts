import {
  compareJson,
  compareNumbers,
  compareText,
  JsonNumber,
  jsonText,
  type JsonValue,
} from '../../../src/metadata/document/index.js';
import type { Sort, SortKey } from '../../../src/metadata/query/index.js';
import { foldCase } from './fold-case.js';
import { readInstant } from './read-instant.js';
import { valueOf, type ReferenceTrial } from './reference-trial.js';

/** The order of two trials: by the keys, those without a value last in both directions, then by id. */
export function compareBySort(sort: Sort, a: ReferenceTrial, b: ReferenceTrial): number {
  for (const key of sort) {
    const order = compareByKey(key, valueOf(a, key.field), valueOf(b, key.field));
    if (order !== 0) return order;
  }
  return a.id - b.id;
}

function compareByKey(key: SortKey, a: JsonValue | undefined, b: JsonValue | undefined): number {
  switch (key.as) {
    case 'json':
      return key.field.kind === 'column' && key.field.column.type === 'instant'
        ? compare(key, instantOf(a), instantOf(b), (x, y) => Number(x > y) - Number(x < y))
        : compare(key, a, b, compareJson);
    case 'number':
      return compare(key, numberOf(a), numberOf(b), compareNumbers);
    case 'text':
      return compare(key, textOf(a), textOf(b), compareNatural);
  }
}

function compare<T>(key: SortKey, a: T | undefined, b: T | undefined, order: (a: T, b: T) => number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return key.direction === 'asc' ? order(a, b) : order(b, a);
}

function instantOf(value: JsonValue | undefined): bigint | undefined {
  return typeof value === 'string' ? readInstant(value) : undefined;
}

/** A number, or a string that is one: decimal digits with sign, point and exponent. */
function numberOf(value: JsonValue | undefined): JsonNumber | undefined {
  if (value instanceof JsonNumber) return value;
  if (typeof value !== 'string' || value.length > 400) return undefined;
  const parts = /^ *([+-]?)(\d*)(?:(\.)(\d*))?([eE][+-]?\d{1,3})? *$/.exec(value);
  const [, sign = '', integer = '', , fraction = '', exponent = ''] = parts ?? [];
  if (parts === null || integer + fraction === '') return undefined;
  const digits = integer.replace(/^0+(?=.)/, '') || '0';
  return new JsonNumber(
    `${sign === '-' ? '-' : ''}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`,
  );
}

/** Null has no text; lists and objects go by their JSON text. */
function textOf(value: JsonValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return foldCase(typeof value === 'string' ? value : jsonText(value));
}

/** Runs of digits by their number, everything else by code point; a run against other text by its first digit. */
function compareNatural(a: string, b: string): number {
  const [left, right] = [splitRuns(a), splitRuns(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const [x = '', y = ''] = [left[index], right[index]];
    const order = isRun(x) && isRun(y) ? compareRuns(x, y) : compareText(x, y);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Of the first 1,000 characters each run of digits is one part, every other character a part of its own. */
function splitRuns(text: string): readonly string[] {
  return (
    Array.from(text)
      .slice(0, 1_000)
      .join('')
      .match(/[0-9]+|[^0-9]/gu) ?? []
  );
}

function isRun(part: string): boolean {
  return /^[0-9]/.test(part);
}

function compareRuns(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || compareText(x, y);
}
