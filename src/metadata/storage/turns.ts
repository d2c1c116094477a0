/**
 * Lets so many pieces of work run at a time; the others wait, in the order in which they came. For work that keeps a
 * connection to the database for long, since others need connections too.
 */
export class Turns {
  private readonly waiting: (() => void)[] = [];

  /** @param free how many may run at a time */
  constructor(private free: number) {}

  /**
   * Does the work when its turn comes.
   * @param signal aborted by who waits no longer; the work itself goes on
   * @param patience milliseconds for which the work counts as running: one that waits for somebody else's lock shall not
   * keep all others waiting; absent: until it ends
   * @throws the signal's reason, when it is aborted before the turn comes; what the work throws
   */
  async take<T>(signal: AbortSignal, work: () => Promise<T>, patience?: number): Promise<T> {
    await this.begin(signal);
    let isCounted = true;
    const end = (): void => {
      if (isCounted) this.passOn();
      isCounted = false;
    };
    const timer = patience === undefined ? undefined : setTimeout(end, patience).unref();
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      end();
    }
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free += 1;
    else next();
  }

  private async begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        reject(signal.reason as Error); // an AbortError or TimeoutError, as long as nobody gives another reason
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(begin);
    });
  }
}
