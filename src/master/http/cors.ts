import type { INestApplication } from '@nestjs/common';

/** Lets pages of these origins use the API, `*` of all. Without any, browsers keep to pages of the master itself. */
export function useCors(app: INestApplication, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.enableCors({
    origin: origins.includes('*') ? '*' : [...origins],
    exposedHeaders: ['ETag', 'Location', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
}
