import { type Problem } from '../metadata.errors.js';
import { briefPath } from './brief-path.js';
import { InvalidJsonError } from './invalid-json.error.js';
import { type Path } from './path.js';
import { ProblemList } from './problem-list.js';
import { placesIn } from './text-places.js';

export interface FaultKind {
  readonly code: string;
  /** What is wrong; the place is written behind it. */
  readonly what: string;
  readonly advice: string;
}

interface Fault extends FaultKind {
  readonly offset: number;
  readonly path: string;
}

/** The faults found while a text is read; knows lines and columns only once they are asked for. */
export class JsonFaults {
  readonly #faults = new ProblemList<Fault>();

  constructor(
    private readonly text: string,
    private readonly at: Path,
  ) {}

  /** `path` is read at once, since the reader goes on changing it. */
  add(offset: number, path: readonly (string | number)[], kind: FaultKind): void {
    this.#faults.add(() => ({ offset, path: briefPath(path.map(String)), ...kind }));
  }

  throwIfAny(): void {
    if (this.#faults.listed.length > 0) throw new InvalidJsonError(this.#problems());
  }

  /** Ends the reading with the fault that leaves no way on. */
  fail(offset: number, path: readonly (string | number)[], kind: FaultKind): never {
    throw new InvalidJsonError(this.#problems({ offset, path: briefPath(path.map(String)), ...kind }));
  }

  #problems(last?: Fault): readonly Problem[] {
    const faults = [...this.#faults.listed, ...(last === undefined ? [] : [last])];
    faults.sort((a, b) => a.offset - b.offset);
    const places = placesIn(
      this.text,
      faults.map(({ offset }) => offset),
    );
    const problems = faults.map(({ path, code, what, advice }, i) => ({
      path,
      code,
      message: `${what} at ${places[i]}. ${advice}`,
    }));
    return [...problems, ...this.#faults.remainder(this.at)];
  }
}
