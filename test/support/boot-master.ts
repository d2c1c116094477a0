import 'reflect-metadata';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { createApp } from '../../src/master/create-app.js';
import { fillDemo } from '../../src/master/demo/fill-demo.js';
import type { MasterOptions } from '../../src/master/master.options.js';
import type { ApiClient } from './api-client.js';
import { apiClient } from './api-client.js';
import { createTestDatabase } from './test-database.js';

/** A master of a test file's own, on a database of its own. */
export interface TestMaster extends ApiClient {
  /** Where it is, without the API's prefix. */
  readonly url: string;
  /** The administrator's token, which the request functions send. */
  readonly token: string;
  readonly app: NestExpressApplication;
  readonly dataSource: DataSource;
  /** The same functions with another token, or with none. */
  as(token: string | undefined): ApiClient;
  /** Ends the master and drops its database. */
  close(): Promise<void>;
}

/** Boots the real master on a free port, without the demo unless asked for. */
export async function bootMaster(
  options: { readonly demo?: boolean } & Partial<MasterOptions> = {},
): Promise<TestMaster> {
  const database = await createTestDatabase();
  const token = 'administrator-of-the-tests';
  const { demo, ...settings } = options;
  const { app, close } = await createApp({ databaseUrl: database.url, adminToken: token, ...settings });
  if (demo) await fillDemo(app, database.url);
  const server: Server = app.getHttpServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
  const url = `http://127.0.0.1:${port}`;
  return {
    ...apiClient(url, token),
    url,
    token,
    app,
    dataSource: app.get(DataSource),
    as: (other) => apiClient(url, other),
    close: async () => {
      await close(1000);
      await database.dispose();
    },
  };
}
