import { jsonTypeOf, type JsonValue } from '../../../src/metadata/document/index.js';
import type { ValueType } from '../../../src/metadata/query/index.js';
import { readInstant } from './read-instant.js';

/** `YYYY-MM`, `YYYY-MM-DD`, or a time with seconds and an offset, as RFC 3339 has it. */
const DATE = /^\d{4}-\d\d$|^\d{4}-\d\d-\d\d$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Whether a value is there and of a type; a string is a date or a text. */
export function hasType(value: JsonValue | undefined, type: ValueType): boolean {
  if (value === undefined) return false;
  if (type !== 'date' && type !== 'text') return jsonTypeOf(value) === type;
  return (
    typeof value === 'string' && (type === 'date') === (DATE.test(value) && readInstant(value) !== undefined)
  );
}
