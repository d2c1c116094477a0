import 'reflect-metadata';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as nodeRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConsoleLogger,
  Controller,
  Get,
  Injectable,
  Module,
  type CanActivate,
  type INestApplication,
} from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { MetadataUiModule, type MetadataUiOptions } from '../src/ui/index.js';

const INDEX =
  '<!doctype html><html><head><base href="/" /><meta name="api-base" content="/api/v1" /></head><body>page</body></html>';
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(500))});`;
const HTML = { accept: 'text/html,application/xhtml+xml' };

/** Nobody may do anything: the page is not the API's. */
@Injectable()
class ClosedGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

@Controller('things')
class ThingsController {
  @Get()
  list(): object {
    return { things: [] };
  }
}

interface Host {
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Answer>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

describe('the page in a host', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trial-metadata-ui-'));
    await mkdir(join(folder, 'page/assets'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'page/index.html'), INDEX);
    await writeFile(join(folder, 'page/favicon.svg'), '<svg/>');
    await writeFile(join(folder, 'page/assets/index-Ab12.js'), SCRIPT);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function boot(
    adapter: 'express' | 'fastify',
    imports: Parameters<typeof Module>[0]['imports'],
    prepare: (app: INestApplication) => void = () => undefined,
  ): Promise<Host> {
    @Module({ imports: imports ?? [], controllers: [ThingsController] })
    class HostModule {}
    const testing = await Test.createTestingModule({ imports: [HostModule] })
      .setLogger(new ConsoleLogger({ logLevels: ['fatal'] }))
      .compile();
    const app = testing.createNestApplication(
      adapter === 'fastify' ? new FastifyAdapter() : new ExpressAdapter(),
    );
    prepare(app);
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server; // of Node, under every adapter
    const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
    const url = `http://127.0.0.1:${port}`;
    return {
      url,
      get: async (path, headers = {}, method = 'GET') => {
        const answer = await fetch(url + path, { method, headers, redirect: 'manual' });
        return { status: answer.status, headers: answer.headers, text: await answer.text() };
      },
      close: () => app.close(),
    };
  }

  describe.each(['express', 'fastify'] as const)('on %s', (adapter) => {
    let host: Host;

    beforeAll(async () => {
      host = await boot(
        adapter,
        [
          MetadataUiModule.forRoot({
            path: '/tools/metadata',
            apiBase: '/rest/v2',
            folder: join(folder, 'page'),
          }),
        ],
        (app) => {
          app.setGlobalPrefix('rest/v2');
          app.useGlobalGuards(new ClosedGuard());
        },
      );
    });

    afterAll(() => host.close());

    it('serves its document with the addresses of this host, and the strict policy', async () => {
      const { status, headers, text } = await host.get('/tools/metadata/', HTML);
      expect(status).toBe(200);
      expect(text).toContain('<base href="/tools/metadata/"');
      expect(text).toContain('<meta name="api-base" content="/rest/v2">');
      expect(text).toContain('<meta name="sign-in" content="token">');
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control')).toBe('no-cache');
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'self';form-action 'self';" +
          "frame-ancestors 'none';object-src 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('answers links into the page with its document', async () => {
      for (const path of ['trials', 'trials/7', 'trials?filter=%7B%7D', 'a/b/c.d']) {
        const { status, text } = await host.get(`/tools/metadata/${path}`, HTML);
        expect([path, status]).toEqual([path, 200]);
        expect(text).toContain('<base href="/tools/metadata/"');
      }
      expect((await host.get('/tools/metadata/trials')).status).toBe(404);
      const bare = await host.get('/tools/metadata?project=3', HTML);
      expect([bare.status, bare.headers.get('location')]).toEqual([302, './metadata/?project=3']);
    });

    it('has browsers keep files with a hash in their name, and ask again for others', async () => {
      const script = await host.get('/tools/metadata/assets/index-Ab12.js');
      expect([script.status, script.text]).toEqual([200, SCRIPT]);
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const icon = await host.get('/tools/metadata/favicon.svg');
      expect(icon.headers.get('content-type')).toBe('image/svg+xml');
      expect(icon.headers.get('cache-control')).toBe('no-cache');
    });

    it('answers 304 for what a browser has, compressed or not', async () => {
      for (const path of ['', 'assets/index-Ab12.js']) {
        for (const encoding of ['identity', 'gzip']) {
          const headers = { 'accept-encoding': encoding };
          const tag = (await host.get(`/tools/metadata/${path}`, headers)).headers.get('etag')!;
          expect(tag).toMatch(encoding === 'gzip' && path !== '' ? /^"[\w-]{22}-gzip"$/ : /^"[\w-]{22}/);
          for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
            const again = await host.get(`/tools/metadata/${path}`, { ...headers, 'if-none-match': known });
            expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag]);
          }
        }
        const other = await host.get(`/tools/metadata/${path}`, { 'if-none-match': '"other"' });
        expect(other.status).toBe(200);
      }
    });

    it('compresses for who takes it', async () => {
      const length = async (encoding: string) => {
        const { headers, text } = await host.get('/tools/metadata/assets/index-Ab12.js', {
          'accept-encoding': encoding,
        });
        expect(text).toBe(SCRIPT);
        expect(headers.get('vary')).toContain('Accept-Encoding');
        return [headers.get('content-encoding'), Number(headers.get('content-length')) < SCRIPT.length];
      };
      expect(await length('gzip, br')).toEqual(['gzip', true]);
      expect(await length('identity')).toEqual([null, false]);
      expect(await length('gzip;q=0')).toEqual([null, false]);
    });

    it('answers HEAD without a body, and leaves other methods to the host', async () => {
      const head = await host.get('/tools/metadata/', HTML, 'HEAD');
      expect([head.status, head.text]).toEqual([200, '']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
      expect((await host.get('/tools/metadata/', HTML, 'POST')).status).toBe(404);
    });

    it.each([
      '/tools/metadata/../../secret.txt',
      '/tools/metadata/..%2f..%2fsecret.txt',
      '/tools/metadata/assets/../../../secret.txt',
      '/tools/metadata/assets/%2e%2e/%2e%2e/secret.txt',
      '/tools/metadata/..\\secret.txt',
      '/tools/metadata//etc/passwd',
      '/tools/metadata/assets/none.js',
      '/tools/metadata/assets/none.js%00',
    ])('gives nothing for %s', async (path) => {
      const { status, text } = await rawGet(host.url, path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('secret\n');
    });

    it('leaves the rest of the host alone: its guards are about its API', async () => {
      expect((await host.get('/rest/v2/things')).status).toBe(403);
      for (const path of ['/', '/trials', '/tools', '/tools/metadatas']) {
        expect([path, (await host.get(path, HTML)).status]).toEqual([path, 404]);
      }
    });
  });

  it.each(['express', 'fastify'] as const)(
    'is made by a factory too, and twice in one host, on %s',
    async (adapter) => {
      const host = await boot(adapter, [
        MetadataUiModule.forRootAsync({
          useFactory: () => ({ path: '/', except: ['/things'], folder: join(folder, 'page') }),
        }),
      ]);
      try {
        expect((await host.get('/', HTML)).text).toContain('<base href="/"');
        expect((await host.get('/things', HTML)).text).toBe('{"things":[]}');
        expect((await host.get('/thingsabout', HTML)).text).toContain('<base href="/"');
      } finally {
        await host.close();
      }
      const second = await boot(adapter, [
        MetadataUiModule.forRoot({
          path: '/other/',
          publicPath: '/behind/a/proxy',
          apiBase: 'https://api.example/v1',
          signIn: 'host',
          signInUrl: '/login?back="1"&x',
          folder: join(folder, 'page'),
        }),
        MetadataUiModule.forRoot({ path: '/third', folder: join(folder, 'nothing') }),
      ]);
      try {
        const { text, headers } = await second.get('/other/trials', HTML);
        expect(text).toContain('<base href="/behind/a/proxy/"');
        expect(text).toContain('<meta name="api-base" content="https://api.example/v1">');
        expect(text).toContain('<meta name="sign-in" content="host">');
        expect(text).toContain('<meta name="sign-in-url" content="/login?back=&#34;1&#34;&#38;x">');
        expect(headers.get('content-security-policy')).toContain("connect-src 'self' https://api.example;");
        expect((await second.get('/third/', HTML)).text).toContain('its web page is not built');
      } finally {
        await second.close();
      }
    },
  );

  it.each<[MetadataUiOptions, string]>([
    [{ path: 'metadata' }, 'path must be a path from the root, such as "/metadata-ui", not "metadata".'],
    [{ path: '/a/../b' }, 'path must be a path from the root, such as "/metadata-ui", not "/a/../b".'],
    [{ path: '/a?b' }, 'path must be a path from the root, such as "/metadata-ui", not "/a?b".'],
    [{ path: '//evil' }, 'path must be a path from the root, such as "/metadata-ui", not "//evil".'],
    [{ apiBase: 'ftp://x' }, 'apiBase must be a path from the root, such as "/metadata-ui", not "ftp://x".'],
    [{ apiBase: 'http://' }, 'apiBase must be a path or a URL with http or https, not "http://".'],
    [{ signInUrl: 'javascript:alert(1)' }, 'signInUrl must be a path or a URL with http or https'],
    [{ signIn: 'cookie' as 'host' }, 'signIn must be "token" or "host", not "cookie".'],
  ])('refuses %p at the start, in one line', async (options, message) => {
    await expect(boot('express', [MetadataUiModule.forRoot(options)])).rejects.toThrow(
      `MetadataUiModule: ${message}`,
    );
  });
});

/** `fetch` would take the dots out of the path itself. */
async function rawGet(
  url: string,
  path: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const request = nodeRequest(url, { path, headers: { accept: '*/*' } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject).end();
  });
}
