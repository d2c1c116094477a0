import { parseJson, writeJson, type JsonObject, type JsonValue } from '../src/metadata/document/index.js';
import { compileFilter, DOCUMENT, type Filter, type Operator } from '../src/metadata/query/index.js';
import { LawDatabase } from './laws/law-database.js';
import { textPattern } from '../src/metadata/query/text-pattern.js';
import { conditionOn } from './query-operators/operator-table.js';
import { evaluateFilter, type ReferenceTrial } from './support/reference/index.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** As `fold-text.ts` says it. */
const FOLDED = `translate(lower(letter COLLATE "und-x-icu"), 'ς', 'σ')`;
/** Letters that fold to others, and those that look as if they did. */
const ODD = [
  '\u212a',
  '\u0130',
  'ı',
  'ſ',
  'ß',
  'ẞ',
  'ς',
  'Σ',
  'Ａ',
  'ａ',
  '\u0307',
  '漢',
  'か',
  '한',
  '𠮷',
  '😀',
  ...['ź', 'Ż', 'ı', 'Ș', 'Ế', 'ά', 'Ϋ', 'Ҳ', 'Ա', 'և', 'ა', 'ﬁ', 'ǅ', 'ɐ', 'ᏸ', 'Ⅷ', 'ⓐ'],
  ...['ش', 'ש', 'न', '\u094d', 'ไ', '\u200d', '\u0301', '\ufe0f', '⁇', '€'],
];
const ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
const TEXTS = [
  ...ASCII,
  ...ODD,
  ...[
    'k\u0130',
    '\u0130k',
    'i\u0307',
    'xi',
    'XI',
    'x\u0130',
    'x\u212a',
    '\u0130\u0130',
    '漢字',
    '使用AI技术',
    '𠮷i',
    '𠮷\u0130',
  ],
  ...[
    'źródło',
    'ŹRÓDŁO',
    'Straße',
    'STRAẞE',
    'μάθηση',
    'ΜΆΘΗΣΗ',
    'نموذج',
    'मॉडल',
    'ტესტი',
    '👩\u200d🔬',
    '👩🔬',
  ],
  ...['a.c', 'abc', '(?i)a', '***=a', '\\d', 'a\nb', 'line\nstart', '\u0001', '"a", "b"', '[17]', '', 'true'],
];
/** As a value, in a list, in an object, and deep inside; scalars that are no strings too. */
const VALUES: readonly unknown[] = [
  ...TEXTS.flatMap((text) => [text, ['x', [text]], { key: text }, [{ key: [{ [text]: text }] }]]),
  ...[17, -17, 1.5, 170, true, false, null, [17], [[170]], { n: 17 }, { n: [17] }, [{ n: 170 }], { b: true }],
  ...[[true], [null], {}, [], { n: 1e21 }],
  ...[[[null]], { a: [null] }, [[]], [{}], [[17, 'x']], [['x', 17]], [[17, 'x', 'x']], [[[17], 'x']]],
  ...[
    { a: 17, b: 'x' },
    { a: 17.5, b: 'x' },
    [{ a: 17 }],
    { c: [{ a: 17 }] },
    { a: [17] },
    { a: { b: null } },
  ],
  ...[
    { a: null },
    { a: [] },
    { a: {} },
    { a: [{ b: 'x', c: 1 }, 'y'] },
    { a: [['x', 'y']] },
    { 'a.b': { '"': '"' } },
  ],
];
const OPERANDS: readonly unknown[] = [
  ...TEXTS,
  17,
  1.7e1,
  17.0,
  -17,
  7,
  1e21,
  true,
  false,
  '17',
  '7',
  'RUE',
  'e',
  ', ',
  'xK',
  ...[null, [], [[]], [17], [17, 'x'], ['x', 17], [[17], 'x'], [null], [{}], [{ a: 17 }]],
  ...[{}, { a: 17 }, { a: 17, b: 'x' }, { a: [17] }, { a: { b: null } }, { a: null }, { a: [] }, { a: {} }],
  ...[{ a: [{ b: 'x' }] }, { a: ['y', { c: 1 }] }, { a: [['y']] }, { 'a.b': { '"': '"' } }, { '"': '"' }],
];

const trials: readonly ReferenceTrial[] = VALUES.map((value, index) => ({
  id: index + 1,
  columns: new Map(),
  metadata: parseJson(writeJson(parseJson(JSON.stringify({ v: value })))) as JsonObject, // an object, as it stands there
}));

let testDatabase: TestDatabase;
let database: LawDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ empty: true });
  database = await LawDatabase.open(testDatabase.url);
  await database.fill(trials);
});

afterAll(async () => {
  await database.close();
  await testDatabase.dispose();
});

async function expectReference(filter: Filter): Promise<void> {
  const expected = trials.filter((trial) => evaluateFilter(filter, trial)).map(({ id }) => id);
  expect({ filter, ids: await database.matching(filter) }).toEqual({ filter, ids: expected });
}

function operand(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value));
}

const OPERATORS: readonly Operator[] = ['contains', 'doesNotContain', 'startsWith'];

describe('texts of all kinds of letters', () => {
  test.each(OPERATORS)('%s finds what the reference finds', async (operator) => {
    for (const value of OPERANDS) {
      if (operator === 'startsWith' && typeof value !== 'string') continue;
      await expectReference(conditionOn(operator, [operand(value)]));
    }
  });

  it('finds the same by many texts at once, which are not looked for by patterns', async () => {
    const filters = ASCII.map((letter) => conditionOn('contains', [`${letter}i`]));
    await expectReference({ kind: 'or', filters });
    expect(textOf({ kind: 'or', filters })).not.toContain('@?');
  });

  it('knows, of each letter that it makes patterns of, which others fold to it', async () => {
    const { rows } = await database.client.query<{ letter: string; folded: string }>(
      `SELECT letter, ${FOLDED} AS folded FROM (
         SELECT chr(code) AS letter FROM generate_series(1, 1114111) AS code WHERE code NOT BETWEEN 55296 AND 57343
       ) AS every`,
    );
    const foldedTo = new Map<string, string[]>();
    for (const { letter, folded } of rows)
      for (const part of new Set(folded)) foldedTo.set(part, [...(foldedTo.get(part) ?? []), letter]);
    const differences = rows.filter(({ letter, folded }) => {
      const pattern = textPattern(letter);
      if (pattern === undefined) return false;
      const matching = foldedTo.get(folded) ?? [];
      const matched = pattern.startsWith('[') ? Array.from(pattern.slice(1, -1)) : [letter];
      return matching.toSorted().join() !== matched.toSorted().join();
    });
    expect(differences).toEqual([]);
    expect(rows.filter(({ letter }) => textPattern(letter) !== undefined).length).toBeGreaterThan(150_000);
  });
});

describe('what can be read by several processes', () => {
  const texts = ['zq', 'A100', '漢', '17', 'e', 'źródło', 'ΜΆΘΗΣΗ', 'Straße', 'نموذج', 'मॉडल', '👩\u200d🔬'];
  const others = [17, true, null, [17, ['x']], {}, { gpu: 'A100', tags: ['x', { y: null }] }];

  it.each([...texts, ...others])('contains %j asks no sub-select', (value) => {
    expect(textOf(conditionOn('contains', [operand(value)]))).not.toContain('SELECT');
  });
});

function textOf(filter: Filter): string {
  return compileFilter(filter, { document: DOCUMENT }).toPositional().text;
}
