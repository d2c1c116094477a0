/** Milliseconds as which counts what is too short to be measured. */
const LEAST = 5;

/**
 * How many times as long a long piece of work takes as a short one of the same kind, each by the faster of two tries. It
 * does not depend on how fast the machine is, and little on what else it does; growth is not seen while the long one takes less
 * than {@link LEAST} times the bound.
 */
export async function timesAsLong(long: () => unknown, short: () => unknown): Promise<number> {
  return (await fastest(long)) / (await fastest(short));
}

/** Milliseconds of the faster of two tries, and never fewer than can be measured. */
export async function fastest(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return Math.max(LEAST, Math.min(...times));
}
