import type { Server } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { API_PREFIX } from './api-prefix.js';
import { guardConnections } from './database/pools.js';
import { answerClientErrors, setHeaderLimit } from './http/client-errors.js';
import { useCors } from './http/cors.js';
import { ConnectionCloser } from './http/connection-closer.js';
import { KnownRoutes } from './http/known-routes.js';
import { openApiDocument, serveOpenApi } from './http/open-api.js';
import { ProblemExceptionFilter } from './http/problem.exception-filter.js';
import { useSecurityHeaders } from './http/security-headers.js';
import { answerUnknownRoutes } from './http/unknown-route.js';
import { MasterModule } from './master.module.js';
import type { MasterOptions } from './master.options.js';
import { makeLogger } from './operations/make-logger.js';
import { Metrics } from './operations/metrics.js';
import { NestLogger } from './operations/nest-logger.js';
import { observeRequests } from './operations/observe-requests.js';
import { requestLog } from './operations/request-log.js';

/** How long a connection may be silent within a request. */
const IDLE_MS = 300_000;
/**
 * How long a connection is kept between requests. Node.js cuts it after 5 s, which is when a training loop that reports every
 * few seconds is sending on it; balancers keep theirs for a minute.
 */
const KEPT_MS = 75_000;

/** The master's application, ready to listen. */
export interface MasterApp {
  readonly app: NestExpressApplication;
  /** Lets running requests finish, cuts what is left after `patienceMs`, and closes the data source. @default 8000 */
  close(patienceMs?: number): Promise<void>;
}

/** Makes the application on a database that is migrated already. */
export async function createApp(options: MasterOptions): Promise<MasterApp> {
  const logger = options.logger ?? makeLogger('warn');
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes options as literals
  const app = await NestFactory.create<NestExpressApplication>(MasterModule.register(options), {
    // Bodies are read as bytes and parsed exactly by the plugin: JSON.parse would round numbers.
    bodyParser: false,
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  guardConnections(app.get(DataSource));
  const closer = new ConnectionCloser();
  const document = openApiDocument(app, API_PREFIX);
  const routes = new KnownRoutes(document);
  app.set('trust proxy', options.trustProxy ?? 0);
  // Documents have tags of their own, by their revision; a hash of every answer is seldom asked for.
  app.set('etag', false);
  useSecurityHeaders(app);
  useCors(app, options.corsOrigins ?? []);
  app.setGlobalPrefix(API_PREFIX, { exclude: ['health/live', 'health/ready', 'metrics'] });
  app.useGlobalFilters(new ProblemExceptionFilter(routes, logger));
  serveOpenApi(app, document);
  const server: Server = app.getHttpServer();
  // An import sends its body for as long as it takes; who sends and takes nothing for this long is cut.
  server.requestTimeout = 0;
  setHeaderLimit(server);
  server.setTimeout(IDLE_MS);
  server.keepAliveTimeout = KEPT_MS;
  answerClientErrors(server);
  observeRequests(server, [requestLog(logger), app.get(Metrics).observe, closer.observe]);
  await app.init();
  app.use(answerUnknownRoutes(routes));
  return {
    app,
    close: async (patienceMs = 8000) => {
      await closer.close(server, patienceMs);
      await app.close();
    },
  };
}
