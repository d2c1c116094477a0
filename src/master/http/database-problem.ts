import { codeOf, reasonOf } from '../../postgres/index.js';
import type { ProblemDetails } from '../../metadata/index.js';
import { problemDocument } from './problem-document.js';

/** A failure of the database that passes, and when to try again, in seconds. */
export interface DatabaseProblem {
  readonly problem: ProblemDetails;
  readonly retryAfter: number;
}

const AWAY = 'The database cannot be reached at the moment. Try again.';
const FULL = 'The database has no room for more. Reading works; the administrator has to make room.';
const READ_ONLY = 'The database takes no changes at the moment. Reading works; try again later.';
const BUSY = 'The database has too much to do at the moment. Try again.';

/** By SQLSTATE, the longest beginning that fits. */
const STATES: readonly (readonly [string, string, string, number])[] = [
  ['08', 'database_unavailable', AWAY, 2],
  ['57P', 'database_unavailable', AWAY, 2],
  ['53300', 'database_busy', BUSY, 2],
  ['53100', 'database_full', FULL, 60],
  ['53', 'database_busy', BUSY, 10],
  ['58', 'database_unavailable', AWAY, 10],
  ['25006', 'database_read_only', READ_ONLY, 10],
  // A statement that took too long, a lock that was not to be had, a deadlock: in a moment it may go through.
  ['57014', 'database_busy', BUSY, 5],
  ['55P03', 'database_busy', BUSY, 1],
  ['40', 'database_busy', BUSY, 1],
];

const SYSTEM_CODES: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
];

/** What the pool says where no connection became free. */
const QUEUED = /^timeout exceeded when trying to connect/;

/** `pg`, its pool and TypeORM give these no code; TypeORM's are about a connection that was cut between two statements. */
const MESSAGES =
  /^(Connection terminated|timeout expired|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout|Cannot use a pool after|Query runner already released|Database connection provided by a query runner was already released|Transaction is not started yet|Driver not Connected|Connection is not established)/;

/** The answer to an error of the database that is nobody's mistake and passes; undefined for any other error. */
export function databaseProblem(error: unknown): DatabaseProblem | undefined {
  const code = codeOf(error);
  const state = STATES.filter(([beginning]) => code.length === 5 && code.startsWith(beginning)).sort(
    ([a], [b]) => b.length - a.length,
  )[0];
  if (state !== undefined) return problem(...(state.slice(1) as [string, string, number]));
  if (QUEUED.test(reasonOf(error))) return problem('database_busy', BUSY, 5);
  const isLost = (SYSTEM_CODES.includes(code) && isOfSocket(error)) || MESSAGES.test(reasonOf(error));
  return isLost ? problem('database_unavailable', AWAY, 2) : undefined;
}

function problem(code: string, detail: string, retryAfter: number): DatabaseProblem {
  return { problem: { ...problemDocument(503, detail), code }, retryAfter };
}

/** The only sockets that the master opens lead to the database; the errors of files have a path. */
function isOfSocket(error: unknown): boolean {
  return typeof error === 'object' && error !== null && !('path' in error);
}
