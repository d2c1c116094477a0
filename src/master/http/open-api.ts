import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** The OpenAPI document of the application, made when it is first asked for. */
export function openApiDocument(app: INestApplication): () => OpenAPIObject {
  let document: OpenAPIObject | undefined;
  const config = new DocumentBuilder()
    .setTitle('Trial metadata')
    .setDescription('Report arbitrary JSON on trials; find, sort and compare trials and experiments by it.')
    .setVersion('1')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: 'The token that the master prints at its start.',
    })
    .build();
  return () => (document ??= SwaggerModule.createDocument(app, config));
}

/** Serves the document as a page at `/api` and as `/api/openapi.json`. */
export function serveOpenApi(app: INestApplication, document: () => OpenAPIObject): void {
  SwaggerModule.setup('api', app, document, {
    raw: ['json'],
    jsonDocumentUrl: 'api/openapi.json',
    customSiteTitle: 'Trial metadata: API',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true, defaultModelsExpandDepth: 0 },
  });
}
