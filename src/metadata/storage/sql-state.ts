/** There is such a row already. */
export const UNIQUE_VIOLATION = '23505';
/** A trial that a row refers to is not there. */
export const FOREIGN_KEY_VIOLATION = '23503';
const SERIALIZATION_FAILURE = '40001';
const DEADLOCK_DETECTED = '40P01';

/** The SQLSTATE of an error that PostgreSQL raised. */
export function sqlStateOf(error: unknown): string | undefined {
  const code: unknown =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Whether the same transaction, sent again, may go through. */
export function isTransient(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK_DETECTED;
}

/** The server is not to be had, going away, out of resources or broken: the next statement would end the same way. */
const SERVER_FAULTS = ['08', '53', '57P', '58', 'XX'];
/** Not the `code` of an error of Node.js, such as `EPIPE`. */
const SQL_STATE = /^[0-9A-DF-Z][0-9A-Z]{4}$/;

/** Whether PostgreSQL refused a statement for what is in it or what it met, so that nothing of it was done. */
export function isRefusal(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === undefined || !SQL_STATE.test(state)) return false;
  return !SERVER_FAULTS.some((fault) => state.startsWith(fault));
}
