import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** Where `npm run build` puts the web page; the same from `src` and from `dist`. */
const BUILT_PAGE = fileURLToPath(new URL('../../../web/dist/', import.meta.url));

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Trial metadata</title>
<h1>Trial metadata</h1>
<p>The master runs, but its web page is not built. Build it with <code>npm run build:web</code>, then start again.</p>
<p>The REST API is described at <a href="/api">/api</a>.</p></html>`;

/**
 * Serves the web page at `/`: its files, and for any address that is none of them nor the API's its `index.html`, which
 * has a router of its own. Files with a hash in their name never change and are kept by browsers for a year.
 */
export function servePage(app: NestExpressApplication, folder = BUILT_PAGE): void {
  const index = join(folder, 'index.html');
  const built = existsSync(index);
  if (built) {
    app.useStaticAssets(join(folder, 'assets'), { prefix: '/assets', immutable: true, maxAge: '1y' });
    app.useStaticAssets(folder, { index: false, maxAge: 0 });
  }
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!isPageAddress(request)) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    if (built) response.sendFile(index);
    else response.type('html').send(NOT_BUILT);
  });
}

function isPageAddress({ method, path, headers }: Request): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (/^\/(api|health|metrics|assets)(\/|$)/.test(path)) return false;
  return path === '/' || (headers.accept ?? '').includes('text/html');
}
