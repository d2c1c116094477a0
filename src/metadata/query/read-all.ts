import { InvalidRequestError, type Problem } from '../metadata.errors.js';

/** Faults that one answer lists at most, so that a hostile request cannot make a huge one, or take long. */
const MOST_PROBLEMS = 100;

/** What each of the functions gives. */
type ReadParts<Reads extends readonly (() => unknown)[]> = {
  readonly [Part in keyof Reads]: ReturnType<Reads[Part]>;
};

/**
 * Reads all parts of a request, though some of them have faults.
 * @returns what each part was read as
 * @throws InvalidRequestError with the faults of all parts, 100 at most: nothing is read behind these
 */
export function readAll<const Reads extends readonly (() => unknown)[]>(...reads: Reads): ReadParts<Reads> {
  return readEach(reads, (read) => read()) as ReadParts<Reads>; // each by its own function
}

/** As {@link readAll}, for the elements of a list. */
export function readEach<T, R>(elements: readonly T[], read: (element: T, index: number) => R): readonly R[] {
  const parts: R[] = [];
  const problems: Problem[] = [];
  for (const [index, element] of elements.entries()) {
    try {
      parts.push(read(element, index));
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      problems.push(...error.problems.slice(0, MOST_PROBLEMS - problems.length));
      if (problems.length >= MOST_PROBLEMS) break;
    }
  }
  if (problems.length > 0) throw new InvalidRequestError(problems);
  return parts;
}
