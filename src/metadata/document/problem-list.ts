import { type Problem } from '../metadata.errors.js';
import { briefPath } from './brief-path.js';
import { type Path } from './path.js';

const MOST = 100;

/** Gathers problems; beyond 100 it only counts, so that a hostile document cannot make a huge answer. */
export class ProblemList<P> {
  readonly #listed: P[] = [];
  #unlisted = 0;

  get listed(): readonly P[] {
    return this.#listed;
  }

  /** `make` is called only when the problem will be listed. */
  add(make: () => P): void {
    if (this.#listed.length < MOST) this.#listed.push(make());
    else this.#unlisted += 1;
  }

  /** A last entry that tells how many are not listed; none when all are. `at` is the place that holds them all. */
  remainder(at: Path): readonly Problem[] {
    if (this.#unlisted === 0) return [];
    const message = `${this.#unlisted} more problems are not listed. Mend those that are and try again.`;
    return [{ path: briefPath(at), code: 'more_problems', message, actual: this.#unlisted }];
  }
}
