import { JsonNumber, type JsonValue } from './json-value.js';
import { writeJson } from './write-json.js';

/** What a spreadsheet takes for the start of a formula, and the white space that it skips before one. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A record of RFC 4180, with its CRLF. By hand, since the cells are the work here: a library that quotes by type and
 * disarms formulas (csv-stringify) disarms the number -5 as well, and would be left with joining them.
 */
export function csvRecord(values: readonly (JsonValue | undefined)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/** The first record: quoted only where it must be, since a header has no type to show. */
export function csvHeader(names: readonly string[]): string {
  return `${names.map((name) => (/[",\r\n]/.test(name) ? quote(name) : name)).join(',')}\r\n`;
}

/**
 * A value as a cell: nothing where it is missing, `null`, numbers with all their digits, true and false as they are,
 * lists and objects as JSON text. A string is always in quotes, so that "" is not missing, "null" not null and "8" no
 * number to who looks at the quotes; where it begins like a formula, an apostrophe stands before it.
 */
function csvCell(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === 'string') return quote(FORMULA.test(value) ? `'${value}` : value);
  return quote(writeJson(value));
}

function quote(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
}
