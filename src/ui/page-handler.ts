import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CheckedUiOptions } from './metadata-ui.options.js';
import { contentSecurityPolicy } from './page-document.js';
import { INDEX, readPageFiles, type PageFile, type PageFiles } from './page-files.js';

/** What Express and Fastify's middleware give alike: Node's own request and answer. */
export type PageHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Answers what is addressed to the page, and passes on all else: its files; its document for every other address below
 * it that a browser opens, since the page has a router of its own. Files are read when the first is asked for.
 */
export function pageHandler(options: CheckedUiOptions): PageHandler {
  const policy = contentSecurityPolicy(options);
  let files: Promise<PageFiles> | undefined;
  const read = async (): Promise<PageFiles> => {
    files ??= readPageFiles(options);
    try {
      return await files;
    } catch (error) {
      files = undefined;
      throw error;
    }
  };
  return (request, response, next) => {
    const [path, query] = splitOnce(request.url ?? '', '?');
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !isWithin(path, options)) {
      next();
      return;
    }
    if (!path.startsWith(options.path)) {
      // Relative to the address that was asked for, which a proxy may have given another beginning.
      const last = options.publicPath.split('/').at(-2) ?? '';
      response.writeHead(302, { Location: `./${last}/${query === undefined ? '' : `?${query}`}` }).end();
      return;
    }
    const name = path.slice(options.path.length);
    read().then((known) => {
      const found = known.get(name) ?? (isPageAddress(name, request) ? known.get(INDEX) : undefined);
      if (found === undefined) next();
      else answer(request, response, found, policy);
    }, next);
  };
}

/** Whether an address is the page's or below it, and of nothing that the host has there. */
function isWithin(path: string, { path: own, except }: CheckedUiOptions): boolean {
  const full = `${path}/`;
  if (path !== own && !path.startsWith(own) && full !== own) return false;
  return !except.some((other) => path.startsWith(other) || full === other);
}

/** A hashed file that is gone is gone: a document in its place would be run as a script. */
function isPageAddress(name: string, { headers }: IncomingMessage): boolean {
  if (name.startsWith('assets/')) return false;
  return name === '' || (headers.accept ?? '').includes('text/html');
}

function answer(request: IncomingMessage, response: ServerResponse, file: PageFile, policy: string): void {
  const { headers, method } = request;
  const compressed = acceptsGzip(headers['accept-encoding']) ? file.gzipped : undefined;
  const tag = `"${file.tag}${compressed === undefined ? '' : '-gzip'}"`;
  response.setHeader('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('ETag', tag);
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  if (isKept(headers['if-none-match'], file.tag)) {
    response.writeHead(304).end();
    return;
  }
  const body = compressed ?? file.bytes;
  if (compressed !== undefined) response.setHeader('Content-Encoding', 'gzip');
  response.setHeader('Content-Type', file.type);
  response.setHeader('Content-Length', body.length);
  response.writeHead(200).end(method === 'HEAD' ? undefined : body);
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const match = /(?:^|[,\s])(?:gzip|\*)\s*(?:;\s*q=([0-9.]+))?/i.exec(String(header ?? ''));
  return match !== null && Number(match[1] ?? 1) > 0;
}

/** Whether one of the tags of If-None-Match names these bytes, compressed or not, weak or not. */
function isKept(header: string | undefined, tag: string): boolean {
  const known = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.some((one) => one === '*' || one === `"${tag}"` || one === `"${tag}-gzip"`);
}

function splitOnce(text: string, sign: string): readonly [string, string?] {
  const index = text.indexOf(sign);
  return index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
