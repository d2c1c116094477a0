import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';

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

  /**
   * Takes no connection from now on, and resolves when those that are open have ended. One that is idle is left open for an
   * eighth of the time: its client may be sending at this very moment, and is told with the answer. What is still open after
   * `patienceMs` is cut.
   */
  async close(server: Server, patienceMs: number): Promise<void> {
    this.#closing = true;
    for (const response of this.#running) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    if (!server.listening) return;
    const closed = once(server, 'close');
    // That of `http` would cut idle connections at once.
    NetServer.prototype.close.call(server);
    let sweep: NodeJS.Timeout | undefined;
    const grace = setTimeout(() => {
      server.closeIdleConnections();
      // Answers whose head was sent before cannot tell: their connections are closed when they have become idle.
      sweep = setInterval(() => {
        server.closeIdleConnections();
      }, 50);
    }, patienceMs / 8);
    const end = setTimeout(() => {
      server.closeAllConnections();
    }, patienceMs);
    await closed;
    clearTimeout(grace);
    clearInterval(sweep);
    clearTimeout(end);
  }
}
