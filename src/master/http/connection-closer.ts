import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Lets a server end without cutting a request: from `close()` on, every answer asks the client to close its connection,
 * which a kept-alive one would else hold open and use again.
 */
export class ConnectionCloser {
  readonly #running = new Set<ServerResponse>();
  #closing = false;

  /** To be told of every request before anything else sees it. */
  readonly observe = (_request: IncomingMessage, response: ServerResponse): void => {
    if (this.#closing) response.setHeader('Connection', 'close');
    this.#running.add(response);
    response.once('close', () => this.#running.delete(response));
  };

  /** Announces the end; connections that are still open after `patienceMs` are cut. */
  close(server: Server, patienceMs: number): void {
    this.#closing = true;
    for (const response of this.#running) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    // Answers whose head was sent already cannot tell: their connections are closed when they have become idle.
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
