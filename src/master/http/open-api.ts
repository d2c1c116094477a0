import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { determinedOpenApi } from '../../determined/index.js';
import { experimentsOpenApi } from '../../experiments/index.js';
import {
  errorAnswer,
  metadataOpenApi,
  type OpenApiFragment,
  type OpenApiOperation,
} from '../../metadata/index.js';
import { accessOpenApi } from '../access/access-open-api.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const FRAGMENTS: readonly OpenApiFragment[] = [
  metadataOpenApi,
  experimentsOpenApi,
  accessOpenApi,
  determinedOpenApi,
];

/**
 * The OpenAPI 3.1 document of the application, made when it is first asked for. Its routes are found by Nest, so that none
 * is left out; the plugin and the experiments describe theirs as plain data, which takes the place of what Nest finds.
 * @param prefix of the REST API, without slashes around
 */
export function openApiDocument(app: INestApplication, prefix: string): () => OpenAPIObject {
  let document: OpenAPIObject | undefined;
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Trial metadata')
    .setDescription('Report arbitrary JSON on trials; find, sort and compare trials and experiments by it.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'The token that the master prints at its start.',
    })
    .build();
  return () => (document ??= describe(SwaggerModule.createDocument(app, config), prefix));
}

/**
 * Serves the document as `/api/openapi.json` and as a page, to which `/api` leads. The page's files lie below an address of
 * their own: below `/api` each request of the API would first be looked for among them, on disk.
 */
export function serveOpenApi(app: INestApplication, document: () => OpenAPIObject): void {
  SwaggerModule.setup('api/docs', app, document, {
    raw: ['json'],
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Trial metadata: API',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true, defaultModelsExpandDepth: 0 },
  });
  // Relative, since a proxy may have given the address another beginning.
  app.getHttpAdapter().get('/api', (request: Request, response: Response) => {
    response.redirect(request.path.endsWith('/') ? './docs' : './api/docs');
  });
}

/** The document with what the modules say of their own routes. */
function describe(found: OpenAPIObject, prefix: string): OpenAPIObject {
  const paths: OpenAPIObject['paths'] = withOpenRoutes(found.paths);
  const schemas: Schemas = { ...found.components?.schemas };
  for (const fragment of FRAGMENTS) {
    Object.assign(schemas, fragment.schemas);
    for (const [path, operations] of Object.entries(fragment.paths)) {
      const secured: Record<string, object> = {};
      for (const [method, operation] of Object.entries(operations)) secured[method] = withSignIn(operation);
      const full = `/${prefix}${path}`;
      paths[full] = { ...paths[full], ...secured };
    }
  }
  return {
    ...found,
    tags: [...(found.tags ?? []), ...FRAGMENTS.flatMap((fragment) => fragment.tags)],
    paths,
    components: { ...found.components, schemas },
  };
}

/** The routes that Nest found, whose items hold operations alone; those that ask for no token say so. */
function withOpenRoutes(found: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const paths: OpenAPIObject['paths'] = {};
  for (const [path, item] of Object.entries(found)) {
    const operations: Record<string, object> = {};
    for (const [method, operation] of Object.entries(item) as [string, object][]) {
      operations[method] = { security: [], ...operation };
    }
    paths[path] = operations;
  }
  return paths;
}

/** In this host every such route needs a token; guessing at tokens is slowed down. */
function withSignIn(operation: OpenApiOperation): object {
  return {
    ...operation,
    security: [{ bearer: [] }],
    responses: { 401: errorAnswer(401), 429: errorAnswer(429), ...operation.responses },
  };
}
