import { NoAnswerError, ProblemError, UnreadableAnswerError, type Problem } from './client.errors.js';
import type { ClientOptions } from './client.options.js';

/** One request, as HTTP has it. */
export interface ApiRequest {
  readonly method: string;
  /** Below the API's base, its parts encoded, e.g. `/trials/7/metadata`. */
  readonly path: string;
  /** Those that are undefined or null are left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>> | undefined;
  readonly body?: unknown;
  /** `application/json` by default. */
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether it may be sent again when it is not known to have been answered. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** In the place of the client's token. */
  readonly token?: string | null;
}

const ACCEPTED = 'application/json, application/problem+json';
/** Answers of a server, or of a proxy before it, that cannot serve at this moment. */
const AWAY: readonly number[] = [502, 503, 504];
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Sends requests: token, retries, errors. Knows nothing of what they are about. */
export class Transport {
  constructor(private readonly options: ClientOptions) {}

  /**
   * Sends a request and reads its answer; null for an answer without a body.
   * @throws ProblemError, NoAnswerError, UnreadableAnswerError; the signal's reason when it is aborted
   */
  async request(request: ApiRequest): Promise<unknown> {
    const response = await this.send(request);
    const text = await this.textOf(response, request.signal);
    if (text === '') return null;
    const { parse = JSON.parse as (text: string) => unknown } = this.options;
    try {
      return parse(text);
    } catch {
      throw new UnreadableAnswerError(text);
    }
  }

  /** Like {@link request}, for an answer that is no JSON: its body is not read yet. */
  async send(request: ApiRequest): Promise<Response> {
    const { retries = 2 } = this.options;
    for (let attempt = 0; ; attempt += 1) {
      const isLast = request.repeatable !== true || attempt >= retries;
      const answer = await this.fetchOnce(request).catch((error: unknown) => {
        if (isLast || !(error instanceof NoAnswerError)) throw error;
        return error;
      });
      if (!(answer instanceof NoAnswerError)) {
        if (answer.ok) return answer;
        if (isLast || !AWAY.includes(answer.status)) throw await this.problemOf(answer, request.signal);
        await answer.body?.cancel();
        await pause(pauseBefore(attempt, answer.headers.get('retry-after')), request.signal);
      } else {
        await pause(pauseBefore(attempt, null), request.signal);
      }
    }
  }

  private async fetchOnce(request: ApiRequest): Promise<Response> {
    const { method, path, query, body, signal } = request;
    const { baseUrl, fetch: send = fetch, stringify = JSON.stringify } = this.options;
    const url = baseUrl.replace(/\/+$/, '') + path + queryString(query);
    const headers = await this.headersOf(request);
    try {
      return await send(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new NoAnswerError(error);
    }
  }

  private async headersOf(request: ApiRequest): Promise<Record<string, string>> {
    const { token: given = null, headers } = this.options;
    const token =
      request.token !== undefined ? request.token : typeof given === 'function' ? await given() : given;
    return {
      accept: ACCEPTED,
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
      ...request.headers,
    };
  }

  private async textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw new NoAnswerError(error);
    }
  }

  private async problemOf(response: Response, signal: AbortSignal | undefined): Promise<ProblemError> {
    const text = await this.textOf(response, signal);
    return new ProblemError(response.status, readProblem(text));
  }
}

/** A path with its parts encoded: apiPath`/trials/${id}/metadata`. */
export function apiPath(strings: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return strings.reduce((path, text, index) => path + encodeURIComponent(String(parts[index - 1])) + text);
}

function queryString(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

/** Problem details are read by `JSON.parse` whatever the client's own `parse` makes of numbers: theirs are small. */
function readProblem(text: string): Partial<Problem> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

function pauseBefore(attempt: number, retryAfter: string | null): number {
  const asked = Number(retryAfter ?? Number.NaN) * 1000;
  const own = FIRST_PAUSE_MS * 2 ** attempt;
  return Math.min(Number.isFinite(asked) && asked > 0 ? asked : own, LONGEST_PAUSE_MS);
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
  signal?.throwIfAborted();
}
