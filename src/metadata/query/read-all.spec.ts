import { InvalidRequestError } from '../metadata.errors.js';
import { readAll, readEach } from './read-all.js';

function refuse(...paths: readonly string[]): never {
  throw new InvalidRequestError(paths.map((path) => ({ path, code: 'bad', message: 'bad' })));
}

function refusedPaths(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

describe('readAll', () => {
  test('gives what each part was read as', () => {
    const [number, text] = readAll(
      () => 1,
      () => 'a',
    );
    expect([number + 1, text.length]).toEqual([2, 1]);
  });

  test('reads every part, and refuses with the faults of all', () => {
    const read: string[] = [];
    const parts = () =>
      readAll(
        () => refuse('a', 'b'),
        () => read.push('between'),
        () => refuse('c'),
      );
    expect(refusedPaths(parts)).toEqual(['a', 'b', 'c']);
    expect(read).toEqual(['between']);
  });

  test('lets other errors through', () => {
    const parts = () =>
      readAll(
        () => refuse('a'),
        () => {
          throw new TypeError('a fault of ours');
        },
      );
    expect(parts).toThrow(TypeError);
  });
});

test('readEach lists 100 faults of a long list, and reads no further', () => {
  const elements = Array.from({ length: 300_000 }, (_, index) => String(index));
  expect(readEach(elements, Number)).toHaveLength(300_000);
  const read: string[] = [];
  const refuseEach = () =>
    readEach(elements, (element) => {
      read.push(element);
      refuse(element);
    });
  expect(refusedPaths(refuseEach)).toEqual(elements.slice(0, 100));
  expect(read).toHaveLength(100);
});
