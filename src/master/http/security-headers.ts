import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/**
 * Sets the headers that keep a browser safe. Styles may be inline on the API page alone, which Swagger UI needs; no
 * `upgrade-insecure-requests` and no HSTS, since the master itself speaks plain HTTP and whoever puts TLS before it decides.
 */
export function useSecurityHeaders(app: INestApplication): void {
  app.useSecurityHeaders({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: "'self'",
        imgSrc: ["'self'", 'data:'],
        baseUri: "'self'",
        formAction: "'self'",
        frameAncestors: "'none'",
        objectSrc: "'none'",
      },
    },
    xFrameOptions: { action: 'deny' },
  });
  app.use(/^\/api\/?$/, (_request: Request, response: Response, next: NextFunction) => {
    const policy = String(response.getHeader('Content-Security-Policy'));
    response.setHeader('Content-Security-Policy', `${policy};style-src 'self' 'unsafe-inline'`);
    next();
  });
}
