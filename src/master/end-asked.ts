const PARENT_CHECK_MS = 500;
const SAME_SIGNAL_MS = 1000;

/**
 * Waits until the process is asked to end, and tells by what: SIGINT or SIGTERM; another one, a second
 * or more later, ends it at once.
 *
 * Under npm the end of the parent counts too: npm passes a signal to its shell alone, which dies of it and leaves its
 * children running.
 */
export async function endAsked(environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  return await new Promise((resolve) => {
    let asked: number | undefined;
    const ask = (signal: NodeJS.Signals): void => {
      asked ??= Date.now();
      // Ctrl-C under npm may come twice: from the terminal and passed on by npm.
      if (Date.now() - asked > SAME_SIGNAL_MS) process.exit(1);
      resolve(signal);
    };
    process.on('SIGINT', ask);
    process.on('SIGTERM', ask);
    if (environment['npm_lifecycle_event'] === undefined) return;
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      resolve('npm ended');
    }, PARENT_CHECK_MS);
    check.unref();
  });
}
