/** One choice of versions that a host may have; exact versions, or ranges of which the newest is taken. */
export interface Pair {
  readonly nest: string;
  readonly nestTypeorm: string;
  readonly typeorm: string;
  /** Of `pg`, `rxjs` and `reflect-metadata`. */
  readonly others: { readonly pg: string; readonly rxjs: string; readonly reflect: string };
}

const NEWEST = { pg: '^8.16.0', rxjs: '^7.8.0', reflect: '^0.2.0' };
/** The lower ends of the peer dependencies. */
const OLDEST = { pg: '8.16.0', rxjs: '7.8.0', reflect: '0.2.0' };

/** The newest of every pair of majors. */
export const NEWEST_PAIRS: readonly [Pair, ...Pair[]] = [
  { nest: '^12.0.0', nestTypeorm: '^12.0.0', typeorm: '^1.0.0', others: NEWEST },
  { nest: '^12.0.0', nestTypeorm: '^12.0.0', typeorm: '^0.3.20', others: NEWEST },
  { nest: '^11.0.0', nestTypeorm: '^11.0.0', typeorm: '^1.0.0', others: NEWEST },
  { nest: '^11.0.0', nestTypeorm: '^11.0.0', typeorm: '^0.3.20', others: NEWEST },
];

/** The oldest that the peer dependencies allow: the first whose parts ask for each other, and that CommonJS can load. */
export const OLDEST_PAIRS: readonly Pair[] = [
  { nest: '12.1.0', nestTypeorm: '12.0.2', typeorm: '1.0.0', others: OLDEST },
  { nest: '11.1.0', nestTypeorm: '11.0.0', typeorm: '0.3.20', others: OLDEST },
];
