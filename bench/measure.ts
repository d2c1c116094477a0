/** Milliseconds. */
export interface Timing {
  readonly p50: number;
  readonly p95: number;
}

const MOST_TIMES = 100;
const FEWEST_TIMES = 3;
/** Milliseconds after which enough has been measured. */
const ENOUGH = 2_000;
/** Milliseconds after which once is enough. */
const SLOW = 20_000;

/** Times some work after having done it once unmeasured. */
export async function time(work: () => Promise<unknown>): Promise<Timing> {
  const first = await timeOnce(work);
  if (first > SLOW) return { p50: first, p95: first };
  const times: number[] = [];
  let spent = 0;
  while (times.length < FEWEST_TIMES || (times.length < MOST_TIMES && spent < ENOUGH)) {
    const once = await timeOnce(work);
    times.push(once);
    spent += once;
  }
  return timingOf(times);
}

export function timingOf(times: readonly number[]): Timing {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Does the work `times` times, `at` at a time. @returns how often a second, and how long each took */
export async function timeMany(
  times: number,
  at: number,
  work: (index: number) => Promise<unknown>,
): Promise<Timing & { readonly perSecond: number }> {
  const took: number[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: at }, async () => {
      while (next < times) {
        const index = next;
        next += 1;
        took.push(await timeOnce(() => work(index)));
      }
    }),
  );
  return { ...timingOf(took), perSecond: (times / (performance.now() - start)) * 1000 };
}

async function timeOnce(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
