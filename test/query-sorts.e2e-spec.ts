import { parseJson } from '../src/metadata/document/index.js';
import { DEFAULT_QUERY_LIMITS, parseSort, type SortAs } from '../src/metadata/query/index.js';
import { LAW_COLUMNS } from './laws/law-columns.js';
import { LawDatabase } from './laws/law-database.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

const NAMES = { columns: LAW_COLUMNS, limits: DEFAULT_QUERY_LIMITS };

/** Orders written out by hand, ascending; what is in one inner list is equal, and comes in order of the trials' ids. */
const ORDERS: readonly (readonly [SortAs, title: string, present: readonly (readonly string[])[], last: readonly string[]])[] = [
  [
    'json',
    'null, strings, numbers, booleans, lists, objects',
    [['[]'], ['null'], ['""'], ['"10"'], ['"9"'], ['"A"'], ['"a"'], ['"é"'], ['"\\ufffd"'], ['"😀"'], ['-1e400'], ['0', '-0'], ['0.1'], ['0.1000000000000000055'], ['9', '9.0'], ['10'], ['9007199254740992'], ['9007199254740993'], ['1e400'], ['false'], ['true'], ['[9]'], ['[10]'], ['[1, 1]'], ['{}'], ['{"a": 1}'], ['{"b": 0}'], ['{"aa": 0, "b": 0}']],
    [],
  ],
  [
    'number',
    'numeric strings as numbers',
    [['"-1e999"'], ['-8', '"-8"'], ['"-.5"'], ['0', '"0"', '"+0"'], ['"1e-999"'], ['"5."', '5'], ['"8"', '8', '"08"', '" 8 "'], ['"16"', '16', '"1.6e1"'], ['9007199254740993'], ['1e400', '"1e400"'], ['"1e999"'], [`"1${'0'.repeat(395)}e999"`]],
    // What is no number: other types, other bases, other digits, what a cast to numeric would take or fail on.
    ['null', 'true', '""', '" "', '"."', '"e5"', '"8 GB"', '"0x10"', '"1_000"', '"1,5"', '"NaN"', '"Infinity"', '"٣"', '"1e1000"', `"${'9'.repeat(401)}"`, '"\\n8"', '[8]', '{}'],
  ],
  [
    'text',
    'without regard to case, runs of digits by their number',
    [['""'], ['" a"'], ['"2"', '"02"'], ['3'], ['"10"'], ['100'], ['"99999999999999999999"'], ['"999999999999999999999"'], ['"1000000000000000000000"'], ['1e400'], ['[2]'], ['[10]'], ['"a"', '"A"'], ['"A2b"', '"a02B"'], ['"a2c"'], ['"a10b"'], ['"e\\u0301"'], ['false'], ['true'], ['"v9"', '"V9"'], ['"v9.2"'], ['"v9.10"'], ['"v10"'], [`"z${'a'.repeat(999)}b"`, `"z${'a'.repeat(999)}A"`], ['{"a": 2}'], ['{"a": 10}'], ['"é"', '"É"'], ['"οδος"', '"ΟΔΟΣ"'], ['"😀"']],
    ['null'],
  ],
]; // prettier-ignore

describe('sorts with their order written out by hand', () => {
  let testDatabase: TestDatabase;
  let database: LawDatabase;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ empty: true });
    database = await LawDatabase.open(testDatabase.url);
  });

  afterAll(async () => {
    await database.close();
    await testDatabase.dispose();
  });

  test.each(ORDERS)('%s: %s; missing values last in both directions', async (as, _title, present, last) => {
    // The ids run against the order, so that the order is not theirs by chance.
    const values = new Map<number, string>();
    let id = 1000;
    for (const equals of present) {
      id -= 20;
      equals.forEach((json, index) => values.set(id + index, json));
    }
    last.forEach((json, index) => values.set(10_000 + index, json));
    await database.fill([
      ...[...values].map(([trialId, json]) => ({
        id: trialId,
        columns: new Map(),
        metadata: new Map([['v', parseJson(json)]]),
      })),
      { id: 20_000, columns: new Map(), metadata: new Map() },
      { id: 20_001, columns: new Map(), metadata: undefined },
    ]);
    const found = async (direction: string): Promise<readonly (string | undefined)[]> => {
      const sort = parseSort([new Map([['field', 'metadata.v'], ['direction', direction], ['as', as]])], NAMES); // prettier-ignore
      return (await database.sorted(sort)).map((trialId) => values.get(trialId));
    };
    expect(await found('asc')).toEqual([...present.flat(), ...last, undefined, undefined]);
    expect(await found('desc')).toEqual([...present.toReversed().flat(), ...last, undefined, undefined]);
  });

  test('a page that ends on a value with more digits than a double holds goes on behind it', async () => {
    const numbers = ['0.1', '0.10000000000000000001', '0.1000000000000000055', '9007199254740993', '1e400'];
    await database.fill(
      numbers.map((number, index) => ({ id: index + 1, columns: new Map(), metadata: new Map([['v', parseJson(number)]]) })),
    ); // prettier-ignore
    for (const as of ['json', 'number', 'text']) {
      const sort = parseSort([new Map([['field', 'metadata.v'], ['as', as]])], NAMES); // prettier-ignore
      const seen: number[] = [];
      let page = await database.page({ kind: 'and', filters: [] }, sort, 1, undefined);
      while (page.end !== undefined) {
        seen.push(...page.ids);
        page = await database.page({ kind: 'and', filters: [] }, sort, 1, page.end);
      }
      expect(seen).toEqual(await database.sorted(sort));
    }
  });
});
