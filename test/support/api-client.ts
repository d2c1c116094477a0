import { TrialMetadataClient, type ClientOptions } from 'nestjs-trial-metadata/client';

const API = '/api/v1';

/** What a master answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /**
   * The text read by `JSON.parse`, undefined when it is not JSON. Tests look into it as they like and fail when they find
   * something else than they say.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** What is sent along: strings and bytes go as they are, anything else as JSON. */
export type ApiBody = string | Uint8Array | object | null;

/**
 * A server as tests ask it. Where a test looks at values it asks `client`, the client of the package's users, so that whatever
 * breaks them breaks the test, when it is type-checked or when it runs. The others send what the client never would, or see what it
 * hides: bytes, digits, headers, a status of success, malformed input, and routes that are not among the client's.
 */
export interface ApiClient {
  /** The published client, with the same token. */
  readonly client: TrialMetadataClient;
  /** The client with other options, e.g. `{ headers: { 'x-user': 'ada' } }`. */
  clientWith(options: Partial<ClientOptions>): TrialMetadataClient;
  /** @param path below `/api/v1`, or from the root when it begins with `//`, e.g. `//health/live` */
  send(
    method: string,
    path: string,
    body?: ApiBody,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  post(path: string, body?: ApiBody, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  put(path: string, body?: ApiBody, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  patch(path: string, body?: ApiBody, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  delete(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
}

/** Sends requests to a master with a token, or without one. */
export function apiClient(url: string, token: string | undefined): ApiClient {
  const send: ApiClient['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(path.startsWith('//') ? `${url}${path.slice(1)}` : `${url}${API}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: asBody(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  // What fails is to be seen, not to be tried again.
  const clientWith: ApiClient['clientWith'] = (options) =>
    new TrialMetadataClient({ baseUrl: `${url}${API}`, token: token ?? null, retries: 0, ...options });
  return {
    client: clientWith({}),
    clientWith,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    patch: (path, body, headers) => send('PATCH', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  };
}

function asBody(body: ApiBody): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
