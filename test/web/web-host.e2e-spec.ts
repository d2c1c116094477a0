import 'reflect-metadata';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  ConsoleLogger,
  Injectable,
  Module,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Page } from 'playwright-core';
import { allowAllProjects, ExperimentsModule, experimentsMigrations } from '../../src/experiments/index.js';
import { metadataMigrations } from '../../src/metadata/index.js';
import { MetadataUiModule, type MetadataUiOptions } from '../../src/ui/index.js';
import { apiClient } from '../support/api-client.js';
import { createTestDatabase } from '../support/test-database.js';
import { ensurePage, startBrowser, violations, type TestBrowser, type TestPage } from './support/index.js';

/** Signed in by the host's own cookie, or by a token of it. Nothing here knows the reference master. */
@Injectable()
class HostGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string | undefined> }>();
    if (headers['cookie']?.includes('sid=known') || headers['authorization'] === 'Bearer of-the-host')
      return true;
    throw new UnauthorizedException();
  }
}

interface Host {
  readonly url: string;
  close(): Promise<void>;
}

/** A host on Fastify, with the page at `/tools/metadata` and the API at `/rest/v2`. */
async function bootHost(ui: MetadataUiOptions): Promise<Host> {
  const database = await createTestDatabase({ empty: true });
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url: database.url,
        autoLoadEntities: true,
        migrations: [...experimentsMigrations, ...metadataMigrations({ trial: { table: 'trials' } })],
        migrationsRun: true,
      }),
      ExperimentsModule.forRoot({ access: allowAllProjects }),
      MetadataUiModule.forRoot({ path: '/tools/metadata', apiBase: '/rest/v2', ...ui }),
    ],
  })
  class HostModule {}
  const testing = await Test.createTestingModule({ imports: [HostModule] })
    .setLogger(new ConsoleLogger({ logLevels: ['fatal'] }))
    .compile();
  const app = testing.createNestApplication(new FastifyAdapter());
  app.setGlobalPrefix('rest/v2');
  app.useGlobalGuards(new HostGuard());
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server; // of Node, under every adapter
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const url = `http://127.0.0.1:${port}`;
  const { post } = apiClient(url, 'of-the-host');
  await post('//rest/v2/projects', { name: 'Vision' });
  await post('//rest/v2/experiments', { name: 'MNIST', projectId: 1 });
  await post('//rest/v2/experiments/1/trials', {});
  await post('//rest/v2/trials/1/metadata', { metadata: { gpu: 'A100' } });
  return {
    url,
    close: async () => {
      await app.close();
      await database.dispose();
    },
  };
}

describe('the page in a host of another kind', () => {
  let browser: TestBrowser;
  let opened: TestPage | undefined;

  beforeAll(async () => {
    await ensurePage();
    browser = await startBrowser();
  }, 240_000);

  afterAll(() => browser.close());

  afterEach(() => opened?.context.close());

  const open = async (host: Host, path: string): Promise<Page> => {
    opened = await browser.open(
      { url: host.url, token: '' },
      { path: `/tools/metadata${path}`, token: null },
    );
    return opened.page;
  };
  /** What the page complained of, but for the browser's own lines about an answer's status. */
  const complaints = (): readonly string[] =>
    (opened?.complaints ?? []).filter((text) => !text.startsWith('Failed to load resource'));

  it('sends the cookies of a host that has signed its users in, and says when that has ended', async () => {
    const host = await bootHost({ signIn: 'host', signInUrl: '/login' });
    try {
      const page = await open(host, '/trials?sort=-metadata.gpu');
      const dialog = page.getByRole('dialog', { name: 'You are not signed in' });
      await dialog.waitFor();
      expect(await dialog.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/login');
      expect(await violations(page)).toEqual([]);
      await opened!.context.addCookies([{ name: 'sid', value: 'known', url: host.url }]);
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('gridcell', { name: 'A100' }).waitFor();
      expect(await page.getByRole('button', { name: 'Your account' }).count()).toBe(0);

      // The host tells no roles: everything is offered, and its API decides.
      await page.getByRole('link', { name: '1', exact: true }).first().click();
      await page.waitForURL(`${host.url}/tools/metadata/trials/1`);
      await page.getByRole('button', { name: /^Add/ }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('hardware.cpu');
      await page.getByRole('textbox', { name: 'Value', exact: true }).fill('Xeon');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Xeon').first().waitFor();
      await page.reload();
      await page.getByText('Xeon').first().waitFor();

      await opened!.context.clearCookies();
      await page.getByRole('link', { name: 'Trials' }).first().click();
      await dialog.waitFor();
      expect(complaints()).toEqual([]);
    } finally {
      await host.close();
    }
  });

  it('takes a token of a host that has no sign-in of the master', async () => {
    const host = await bootHost({});
    try {
      const page = await open(host, '');
      await page.waitForURL(`${host.url}/tools/metadata/`);
      await page.getByText('Name and password').click();
      await page.getByRole('textbox', { name: 'Name' }).fill('somebody');
      await page.getByRole('textbox', { name: 'Password' }).fill('secret');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('This server takes no name and password here. Sign in with a token.').waitFor();
      await page.getByText('Token', { exact: true }).first().click();
      for (const token of ['wrong', 'of-the-host']) {
        await page.getByRole('textbox', { name: 'Token' }).fill(token);
        await page.getByRole('button', { name: 'Sign in' }).click();
        if (token === 'wrong') await page.getByText('The server does not know this token.').waitFor();
      }
      await page.getByRole('gridcell', { name: 'A100' }).waitFor();
      expect(page.url()).toBe(`${host.url}/tools/metadata/trials`);
      expect(complaints()).toEqual([]);
    } finally {
      await host.close();
    }
  });
});
