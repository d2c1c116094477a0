import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { compileBodyRoute, type BodyRoute, type CompiledBodyRoute } from './body-route.js';
import { captureOnExpress } from './express-capture.js';
import { captureOnFastify } from './fastify-capture.js';

/**
 * Keeps the bodies of some routes as bytes, in front of the host's body parser, which would round numbers, and which is
 * left alone for all other routes. To be called in the `configure` of the module whose routes they are; the handlers
 * then take {@link ExactBody}.
 */
@Injectable()
export class ExactBodies {
  private readonly routes: CompiledBodyRoute[] = [];

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  /** @throws Error when the host uses another adapter than Express or Fastify */
  capture(routes: readonly BodyRoute[]): void {
    if (this.routes.length === 0 && routes.length > 0) this.install();
    this.routes.push(...routes.map(compileBodyRoute));
  }

  private install(): void {
    const adapter = this.adapterHost.httpAdapter;
    const type = adapter.getType();
    if (type === 'express') captureOnExpress(adapter.getInstance(), this.routes);
    else if (type === 'fastify') captureOnFastify(adapter.getInstance(), this.routes);
    else
      throw new Error(`MetadataModule: the HTTP adapter "${type}" is not supported. Use Express or Fastify.`);
  }
}
