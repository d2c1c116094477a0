/** Where the page is served, e.g. `/` or `/tools/metadata/`; from `<base href>`. Ends in a slash. */
export function pageBase(): string {
  return new URL(document.baseURI).pathname;
}

/** Where the API is, e.g. `/api/v1`; from `<meta name="api-base">`. */
export function apiBase(): string {
  return (setting('api-base') ?? '/api/v1').replace(/\/+$/, '');
}

/**
 * Whether the host has signed its users in, and knows them by the browser's cookies; else the page asks for a token. From
 * `<meta name="sign-in">`.
 */
export function hostSignsIn(): boolean {
  return setting('sign-in') === 'host';
}

/** Where the host signs its users in, if it says so; from `<meta name="sign-in-url">`. */
export function hostSignInUrl(): string | undefined {
  return setting('sign-in-url');
}

function setting(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
}
