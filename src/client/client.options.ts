/** How a client reaches the API, and how it reads and writes JSON. */
export interface ClientOptions {
  /** Where the API begins, e.g. `https://tracker.example/api/v1`; in a browser a path such as `/api/v1` will do. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`; a function is asked before every request, and null sends none. */
  readonly token?: string | null | (() => string | null | Promise<string | null>);
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `fetch` of the platform by default. */
  readonly fetch?: typeof fetch;
  /**
   * How often a request that may be sent twice is sent again when no answer comes, or the answer is 502, 503 or 504; 2 by
   * default, after 0.2 and 0.4 seconds or what `Retry-After` says. Writes that name a revision are never repeated.
   */
  readonly retries?: number;
  /** Reads an answer; `JSON.parse` by default, which rounds numbers beyond 2^53 and drops digits. */
  readonly parse?: (text: string) => unknown;
  /** Writes a body; `JSON.stringify` by default. */
  readonly stringify?: (value: unknown) => string;
}
