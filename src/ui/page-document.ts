import type { CheckedUiOptions } from './metadata-ui.options.js';

/** Shown where the folder of the built page is not there. */
export const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Trial metadata</title>
<h1>Trial metadata</h1>
<p>The server runs, but its web page is not built. Build it with <code>npm run build</code>, then start again.</p></html>`;

/**
 * The page's document for this host: its addresses are relative to `<base href>`, and its scripts read the rest from
 * `<meta>`, so that one build serves every path and every API.
 * @throws Error when the document is not this page's
 */
export function hostDocument(document: string, options: CheckedUiOptions): string {
  const { publicPath, apiBase, signIn, signInUrl } = options;
  const written = replaceOnce(document, /<base href="[^"]*"/, `<base href="${escaped(publicPath)}"`);
  const settings = [
    meta('api-base', apiBase),
    meta('sign-in', signIn),
    ...(signInUrl === undefined ? [] : [meta('sign-in-url', signInUrl)]),
  ].join('');
  return replaceOnce(written, /<meta name="api-base" content="[^"]*" ?\/?>/, settings);
}

function meta(name: string, content: string): string {
  return `<meta name="${name}" content="${escaped(content)}">`;
}

function replaceOnce(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) {
    throw new Error(
      `MetadataUiModule: index.html has no ${pattern.source}. Is "folder" that of the built page?`,
    );
  }
  // By a function: a "$" of an option is no pattern.
  return text.replace(pattern, () => replacement);
}

function escaped(text: string): string {
  return text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/**
 * What a browser may load and do on the page: nothing but its own files, and requests to itself and the API. Neither
 * scripts nor styles may be inline.
 */
export function contentSecurityPolicy({ apiOrigin }: CheckedUiOptions): string {
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${apiOrigin === undefined ? '' : ` ${apiOrigin}`}`,
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join(';');
}
