import type { Server } from 'node:http';
import type { NextFunction, Request, Response } from 'express';

/**
 * Lets a server end without cutting a request: from `close()` on, every answer asks the client to close its connection,
 * which a kept-alive one would else hold open and use again.
 */
export class ConnectionCloser {
  #closing = false;

  /** To be used before every other middleware. */
  readonly middleware = (_request: Request, response: Response, next: NextFunction): void => {
    if (this.#closing) response.setHeader('Connection', 'close');
    next();
  };

  /**
   * Announces the end; connections that are still open after `patienceMs` are cut. Answers that began before are told at
   * their end, when their connection becomes idle.
   */
  close(server: Server, patienceMs: number): void {
    this.#closing = true;
    const sweep = setInterval(() => {
      server.closeIdleConnections();
    }, 50);
    const end = setTimeout(() => {
      server.closeAllConnections();
    }, patienceMs);
    server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(end);
    });
  }
}
