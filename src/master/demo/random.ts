/** A stream of pseudo-random choices: the same seed gives the same choices on every machine. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** One of the list, each as likely as the others. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** True in this share of cases, 0 to 1. */
  chance(share: number): boolean;
  /** Around 1, mostly within `spread` of it: the noise of a measurement. */
  noise(spread: number): number;
}

/** Mulberry32, a generator of 32 bits of state: small, and good enough for a demo. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    chance: (share) => next() < share,
    noise: (spread) => 1 + ((next() + next() + next()) / 1.5 - 1) * spread,
  };
}
