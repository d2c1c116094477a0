import {
  NoAnswerError,
  ProblemError,
  TrialMetadataClient,
  UnreadableAnswerError,
} from '../../../src/client/index.js';
import { endSession, sessionToken } from '../session/session.js';
import { parseJson, writeJson, type JsonValue } from '../shared/metadata.js';
import { ApiError, ServerDownError, UnexpectedAnswerError, type Conflict } from './api-error.js';
import { apiBase, hostSignsIn } from './page-settings.js';

export { apiPath } from '../../../src/client/index.js';

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

/**
 * Sends one request and reads its answer, numbers exact.
 * @throws ApiError, ServerDownError, UnexpectedAnswerError; an AbortError when `signal` says so
 */
export async function request(request: ApiRequest): Promise<JsonValue> {
  return await asked(request, async (client, sent) => {
    const answer = await client.request(sent);
    return answer as JsonValue; // what parseJson made of the answer, or null for one without a body
  });
}

/** Like {@link request}, for an answer that is no JSON, such as an export. */
export async function send(request: ApiRequest): Promise<Response> {
  return await asked(request, (client, sent) => client.send(sent));
}

/** Requests as the package's client takes them; React Query repeats those that may be repeated, so that it need not. */
async function asked<Answer>(
  { ifMatch, query, method = 'GET', ...request }: ApiRequest,
  ask: (client: TrialMetadataClient, sent: Parameters<TrialMetadataClient['send']>[0]) => Promise<Answer>,
): Promise<Answer> {
  const token = request.token ?? sessionToken();
  const client = new TrialMetadataClient({
    baseUrl: apiBase(),
    token,
    retries: 0,
    parse: parseJson,
    stringify: writeJson,
    // To an API of another origin cookies go only when asked for.
    fetch: (url, init) => fetch(url, { ...init, credentials: hostSignsIn() ? 'include' : 'same-origin' }),
  });
  const headers = ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` };
  try {
    return await ask(client, { ...request, method, query: withoutEmpty(query), headers });
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401 && (token !== null || hostSignsIn())) {
      endSession('expired', token);
    }
    throw told(error);
  }
}

function withoutEmpty(query: ApiRequest['query']): ApiRequest['query'] {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}

/** The client's errors in the page's words. */
function told(error: unknown): unknown {
  if (error instanceof NoAnswerError) return new ServerDownError();
  if (error instanceof UnreadableAnswerError) return new UnexpectedAnswerError('no JSON');
  if (!(error instanceof ProblemError)) return error;
  const { status, problem } = error;
  const fallback = `The server answered ${status}. Try again; if it stays, tell who runs the server.`;
  const message = problem.detail ?? problem.title ?? fallback;
  return new ApiError(status, message, error.errors, conflictOf(problem));
}

function conflictOf({ currentRevision, changedKeys }: ProblemError['problem']): Conflict | null {
  if (currentRevision === undefined && changedKeys === undefined) return null;
  return { current: currentRevision ?? null, changedKeys: changedKeys ?? [] };
}
