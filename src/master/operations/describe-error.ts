import { QueryFailedError } from 'typeorm';
import { codeOf, reasonOf } from '../../postgres/index.js';

/** What a log may say of an error. */
export interface ErrorDescription {
  readonly type: string;
  /** Absent for errors of the database, whose messages may repeat what was written. */
  readonly message?: string;
  /** SQLSTATE, or the system's name of the error. */
  readonly code?: string;
  /** With placeholders in the place of values. */
  readonly query?: string;
  readonly stack?: string;
}

/** An error without the values that a request brought: no parameters of a query, no message of the database. */
export function describeError(error: unknown): ErrorDescription {
  if (!isError(error)) return { type: typeof error, message: reasonOf(error) };
  const code = codeOf(error);
  const common = { type: error.name, ...(code === '' ? {} : { code }), stack: framesOf(error.stack ?? '') };
  return error instanceof QueryFailedError
    ? { ...common, query: textOf(error.query) }
    : { ...common, message: reasonOf(error) };
}

function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'stack' in value;
}

/** A named statement comes as an object, which may hold its values. */
function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const text: unknown =
    typeof query === 'object' && query !== null && 'text' in query ? query.text : undefined;
  return typeof text === 'string' ? text : '';
}

/** A stack without the message in front of it; an empty string when the text is no stack. */
export function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}
