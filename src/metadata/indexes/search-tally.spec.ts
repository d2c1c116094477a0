import { DatabaseBusyError, InvalidRequestError } from '../metadata.errors.js';
import { checkMetadataOptions } from '../metadata.options.js';
import {
  columnCatalog,
  DEFAULT_QUERY_LIMITS,
  parseFilter,
  parseSort,
  type DocumentIndexes,
} from '../query/index.js';
import { parseJson } from '../document/index.js';
import { SearchTally } from './search-tally.js';
import { targetKey } from './index-target.js';
import { searchedFields, type Search } from './searched-fields.js';

const NAMES = { columns: columnCatalog([]), limits: DEFAULT_QUERY_LIMITS };

function search({
  filter,
  sort = [],
}: {
  readonly filter?: object;
  readonly sort?: readonly object[];
}): Search {
  return {
    filter: parseFilter(filter && parseJson(JSON.stringify(filter)), NAMES),
    sort: parseSort(parseJson(JSON.stringify(sort)), NAMES),
  };
}

const by = (path: string): Search => search({ sort: [{ field: `metadata.${path}` }] });
const condition = (path: string, operator: string, value: unknown): object => ({
  field: `metadata.${path}`,
  operator,
  value,
});
const indexesOf = (...paths: readonly string[]): DocumentIndexes => ({
  fields: new Map(paths.map((path) => [path, [path]])),
  texts: true,
  fieldTexts: new Map(),
});

describe('searchedFields', () => {
  const named = (of: Search) =>
    [...searchedFields(of).values()].map((field) => `${targetKey(field)}: ${[...field.uses].join(', ')}`);

  it('names the first key of a sort, and bounds that every match must keep', () => {
    const filter = {
      and: [
        condition('a', 'gt', 1),
        { and: [condition('b."c.d"', 'between', [1, 2])] },
        condition('e', 'lte', 'm'),
      ],
    };
    expect(named(search({ filter, sort: [{ field: 'metadata.a' }, { field: 'metadata.z' }] }))).toEqual([
      'values of a: sorted, ranged',
      'values of b."c.d": ranged',
      'values of e: ranged',
    ]);
  });

  it('names the texts that every match must hold, or start with', () => {
    const filter = {
      and: [
        condition('a', 'contains', 'zq'),
        condition('b', 'startsWith', 'z'),
        condition('c', 'contains', 17),
        condition('a', 'gt', 'm'),
      ],
    };
    expect(named(search({ filter }))).toEqual([
      'texts of a: contained',
      'texts of b: contained',
      'texts of c: contained',
      'values of a: ranged',
    ]);
  });

  it.each([
    ['a sort as text', search({ sort: [{ field: 'metadata.a', as: 'text' }] })],
    [
      'an instant, which is no bound in the order of JSON',
      search({ filter: condition('a', 'gt', '2024-01') }),
    ],
    [
      'a bound that may be missed',
      search({ filter: { or: [condition('a', 'gt', 1), condition('b', 'is', 1)] } }),
    ],
    ['a complement', search({ filter: { not: condition('a', 'gt', 1) } })],
    ['a text that no index of texts finds', search({ filter: condition('a', 'contains', 'z') })],
    ['a text that may be missed', search({ filter: { or: [condition('a', 'contains', 'zq')] } })],
    ['what must not be contained', search({ filter: condition('a', 'doesNotContain', 'zq') })],
    ['another operator', search({ filter: condition('a', 'is', 1) })],
  ])('leaves out %s', (_, of) => {
    expect(named(of)).toEqual([]);
  });
});

describe('SearchTally', () => {
  const tallyOf = (indexAdvisor: 'off' | 'propose') =>
    new SearchTally(checkMetadataOptions({ indexAdvisor }));
  const none = indexesOf();

  it('keeps the last 100 searches by each of the 200 fields searched by last', async () => {
    const tally = tallyOf('propose');
    for (let count = 0; count < 130; count += 1) await tally.timed(by('often'), none, Promise.resolve());
    expect(tally.fields().get('values of often')?.searches).toHaveLength(100);
    for (let count = 0; count < 199; count += 1) await tally.timed(by(`f${count}`), none, Promise.resolve());
    await tally.timed(by('often'), none, Promise.resolve());
    await tally.timed(by('new'), none, Promise.resolve());
    expect(tally.fields().size).toBe(200);
    expect(tally.fields().has('values of often')).toBe(true);
    expect(tally.fields().has('values of f0')).toBe(false);
  });

  it('notes a search that was stopped for its length, and no other that failed', async () => {
    const tally = tallyOf('propose');
    const busy = Promise.reject(new DatabaseBusyError(30_000));
    await expect(tally.timed(by('slow'), none, busy)).rejects.toThrow(DatabaseBusyError);
    const wrong = Promise.reject(InvalidRequestError.at('after', 'invalid_cursor', 'No.'));
    await expect(tally.timed(by('wrong'), none, wrong)).rejects.toThrow(InvalidRequestError);
    expect([...tally.fields().keys()]).toEqual(['values of slow']);
  });

  it('forgets all durations when an index comes or goes, and remembers the use of one', async () => {
    const tally = tallyOf('propose');
    await tally.timed(by('a'), none, Promise.resolve());
    await tally.timed(by('b'), indexesOf(), Promise.resolve());
    expect([...tally.fields().keys()]).toEqual(['values of a', 'values of b']);
    await tally.timed(by('a'), indexesOf('a'), Promise.resolve());
    expect([...tally.fields().keys()]).toEqual([]);
    const usedAt = (path: string) => tally.usedAt({ path: [path], kind: 'values' });
    expect([usedAt('a'), usedAt('b')]).toEqual([expect.any(Number), undefined]);
  });

  describe('of an order and a text', () => {
    const byText = search({ filter: condition('b', 'contains', 'zq'), sort: [{ field: 'metadata.a' }] });
    const keysOf = async (isFull: boolean | undefined, indexes: DocumentIndexes) => {
      const tally = tallyOf('propose');
      await tally.timed(byText, indexes, Promise.resolve(isFull), isFull === undefined ? undefined : Boolean);
      return [...tally.fields().keys()];
    };

    it.each([
      ['the order where enough were found', true, ['values of a']],
      ['the text where few were', false, ['texts of b']],
      ['both where that is not known', undefined, ['values of a', 'texts of b']],
    ])('blames %s', async (_, isFull, keys) => {
      expect(await keysOf(isFull, none)).toEqual(keys);
    });

    it('blames the text where the order has an index, however many were found', async () => {
      expect(await keysOf(true, indexesOf('a'))).toEqual(['texts of b']);
      expect(await keysOf(false, indexesOf('a'))).toEqual(['texts of b']);
    });

    it('blames bounds beside the text', async () => {
      const and = [condition('a', 'gt', 1), condition('b', 'contains', 'zq')];
      const tally = tallyOf('propose');
      await tally.timed(search({ filter: { and } }), none, Promise.resolve(), () => false);
      expect([...tally.fields().keys()]).toEqual(['values of a', 'texts of b']);
    });

    it('notes the use of both indexes', async () => {
      const indexes = { ...indexesOf('a'), fieldTexts: new Map([['b', ['b']]]) };
      const tally = tallyOf('propose');
      await tally.timed(byText, indexes, Promise.resolve(), () => true);
      expect([...tally.fields().keys()]).toEqual([]);
      expect(tally.usedAt({ path: ['a'], kind: 'values' })).toEqual(expect.any(Number));
      expect(tally.usedAt({ path: ['b'], kind: 'texts' })).toEqual(expect.any(Number));
      expect(tally.usedAt({ path: ['b'], kind: 'values' })).toBeUndefined();
    });
  });

  it('hands the very promise on while the advisor is off', () => {
    const tally = tallyOf('off');
    const found = Promise.resolve('page');
    expect(tally.timed(by('a'), none, found)).toBe(found);
    expect(tally.fields().size).toBe(0);
  });
});
