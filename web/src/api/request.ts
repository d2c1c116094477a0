import { endSession, sessionToken } from '../session/session.js';
import {
  isJsonArray,
  isJsonObject,
  parseJson,
  writeJson,
  type JsonValue,
  type Problem,
} from '../shared/metadata.js';
import { ApiError, ServerDownError, UnexpectedAnswerError, type Conflict } from './api-error.js';
import { apiBase } from './page-settings.js';
import { readNumberOrNull, readTextOrNull, readTexts } from './read.js';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's base, e.g. `/trials/search`; build it with {@link apiPath}. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Anything that `writeJson` takes. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly ifMatch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** A token to try instead of the session's. */
  readonly token?: string;
}

/** A path with its parts encoded: apiPath`/trials/${id}/metadata`. */
export function apiPath(strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return strings.reduce((path, text, index) => path + encodeURIComponent(String(parts[index - 1])) + text);
}

/**
 * Sends one request and reads its answer, numbers exact.
 * @throws ApiError, ServerDownError, UnexpectedAnswerError; an AbortError when `signal` says so
 */
export async function request(request: ApiRequest): Promise<JsonValue> {
  const response = await send(request);
  const text = await readBody(response);
  if (text === '') return null;
  return parseAnswer(text);
}

/** Like {@link request}, for an answer that is no JSON, such as an export. */
export async function send(request: ApiRequest): Promise<Response> {
  const { method = 'GET', path, query, body, contentType, ifMatch, signal } = request;
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  const token = request.token ?? sessionToken();
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', contentType ?? 'application/json');
  if (ifMatch !== undefined) headers.set('if-match', `"${ifMatch}"`);
  let response: Response;
  try {
    response = await fetch(apiBase() + path + queryString(query), {
      method,
      headers,
      ...(body === undefined ? {} : { body: writeJson(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ServerDownError();
  }
  if (response.ok) return response;
  if (response.status === 401 && token !== null) endSession('expired', token);
  throw await readProblem(response);
}

function queryString(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function readBody(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ServerDownError();
  }
}

function parseAnswer(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw new UnexpectedAnswerError('no JSON');
  }
}

async function readProblem(response: Response): Promise<Error> {
  const fallback = `The server answered ${response.status}. Try again; if it stays, tell who runs the server.`;
  let body: JsonValue;
  try {
    body = parseJson(await response.text());
  } catch {
    return new ApiError(response.status, fallback);
  }
  if (!isJsonObject(body)) return new ApiError(response.status, fallback);
  const message = readTextOrNull(body.get('detail')) ?? readTextOrNull(body.get('title')) ?? fallback;
  return new ApiError(response.status, message, readProblems(body.get('errors')), readConflict(body));
}

function readProblems(value: JsonValue | undefined): readonly Problem[] {
  if (!isJsonArray(value)) return [];
  return value.filter(isJsonObject).map((problem) => ({
    path: readTextOrNull(problem.get('path')) ?? '',
    code: readTextOrNull(problem.get('code')) ?? '',
    message: readTextOrNull(problem.get('message')) ?? '',
  }));
}

function readConflict(body: ReadonlyMap<string, JsonValue>): Conflict | null {
  const keys = body.get('changedKeys');
  const current = readNumberOrNull(body.get('current') ?? body.get('currentRevision'));
  return keys === undefined && current === null ? null : { current, changedKeys: readTexts(keys) };
}
