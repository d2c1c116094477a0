/** Where the page is served, e.g. `/` or `/tools/metadata/`; from `<base href>`. Ends in a slash. */
export function pageBase(): string {
  return new URL(document.baseURI).pathname;
}

/** Where the API is, e.g. `/api/v1`; from `<meta name="api-base">`. */
export function apiBase(): string {
  const content = document.querySelector<HTMLMetaElement>('meta[name="api-base"]')?.content ?? '/api/v1';
  return content.replace(/\/+$/, '');
}
