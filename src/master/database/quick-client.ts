import pg from 'pg';

/** Milliseconds within which a connection to the server is made, or is not. */
const CONNECT_MS = 5_000;

/**
 * A connection that gives up soon where the server cannot be reached. A pool has one limit of its own for that and for waiting
 * until another request lets go of a connection, which only means that there is much to do.
 */
export class QuickClient extends pg.Client {
  constructor(config: pg.ClientConfig) {
    // A pool hides the password from what copies its options.
    const { password } = config;
    super({
      ...config,
      ...(password === undefined ? {} : { password }),
      connectionTimeoutMillis: CONNECT_MS,
    });
  }
}
