import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConnectionCloser } from './http/connection-closer.js';
import { KnownRoutes } from './http/known-routes.js';
import { openApiDocument, serveOpenApi } from './http/open-api.js';
import { servePage } from './http/page-files.js';
import { ProblemExceptionFilter } from './http/problem.exception-filter.js';
import { useSecurityHeaders } from './http/security-headers.js';
import { answerUnknownRoutes } from './http/unknown-route.js';
import { MasterModule } from './master.module.js';
import type { MasterOptions } from './master.options.js';

/** Where the REST API begins. */
export const API_PREFIX = 'api/v1';

/** The master's application, ready to listen. */
export interface MasterApp {
  readonly app: NestExpressApplication;
  /** Lets running requests finish, cuts what is left after `patienceMs`, and closes the data source. @default 8000 */
  close(patienceMs?: number): Promise<void>;
}

/** Makes the application on a database that is migrated already. */
export async function createApp(options: MasterOptions): Promise<MasterApp> {
  const app = await NestFactory.create<NestExpressApplication>(MasterModule.register(options), {
    // Bodies are read as bytes and parsed exactly by the plugin: JSON.parse would round numbers.
    bodyParser: false,
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const closer = new ConnectionCloser();
  const document = openApiDocument(app);
  const routes = new KnownRoutes(document);
  app.use(closer.middleware);
  useSecurityHeaders(app);
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready'] });
  app.useGlobalFilters(new ProblemExceptionFilter(routes));
  serveOpenApi(app, document);
  servePage(app);
  await app.init();
  app.use(answerUnknownRoutes(routes));
  return {
    app,
    close: async (patienceMs = 8000) => {
      closer.close(app.getHttpServer(), patienceMs);
      await app.close();
    },
  };
}
