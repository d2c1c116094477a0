import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { isJsonArray, parseJson, writeJson, type JsonValue } from '../src/metadata/document/index.js';
import {
  baseOf,
  compileFilter,
  formatField,
  identifier,
  OPERATORS,
  parseFilter,
  DEFAULT_QUERY_LIMITS,
  type Condition,
  type Filter,
  type Operator,
} from '../src/metadata/query/index.js';
import { LAW_COLUMNS } from './laws/law-columns.js';
import { LawDatabase } from './laws/law-database.js';
import { EXPECTED_MATCHES } from './query-operators/expected-matches.js';
import { conditionOn, storedValue, TABLE_TRIALS, tableConditions } from './query-operators/operator-table.js';
import { operatorsPage, type Truth } from './query-operators/operators-page.js';
import { STORED_VALUES, type ValueKind } from './query-operators/stored-values.js';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';
import { evaluateFilter } from './support/reference/index.js';

const OPERATOR_NAMES = Object.keys(OPERATORS) as Operator[]; // the table's own keys
const NAMES = { columns: LAW_COLUMNS, limits: DEFAULT_QUERY_LIMITS };
const PAGE = new URL('../docs/operators.md', import.meta.url);

let testDatabase: TestDatabase;
let database: LawDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase({ empty: true });
  database = await LawDatabase.open(testDatabase.url);
  await database.fill(TABLE_TRIALS);
});

afterAll(async () => {
  await database.close();
  await testDatabase.dispose();
});

describe('every operator with every kind of value and operand', () => {
  const observed = new Map<Operator, Map<ValueKind, Set<ValueKind | undefined>>>();

  test.each(OPERATOR_NAMES)('%s finds on PostgreSQL what the reference finds', async (operator) => {
    const seen = new Map<ValueKind, Set<ValueKind | undefined>>();
    observed.set(operator, seen);
    const differences: string[] = [];
    for (const { condition, kind } of tableConditions(operator)) {
      const found = await database.matching(condition);
      const expected = TABLE_TRIALS.filter((trial) => evaluateFilter(condition, trial)).map(({ id }) => id);
      differences.push(...differencesOf(condition, found, expected));
      for (const id of found) {
        const valueKind = storedValue(id).kind;
        seen.set(valueKind, (seen.get(valueKind) ?? new Set()).add(kind));
      }
    }
    expect(differences).toEqual([]);
  });

  test('the committed page docs/operators.md says what was seen', async () => {
    expect([...observed.keys()]).toEqual(OPERATOR_NAMES);
    const truths: Truth[] = [];
    for (const [operator, operand] of TRUTH_TABLE) {
      const matches = await matchingNames(conditionOn(operator, operandsOf(operator, operand)));
      truths.push({ condition: `${operator} ${operand}`.trim(), matches: new Set(matches) });
    }
    const page = await format(operatorsPage(observed, TRUTH_COLUMNS, truths), { parser: 'markdown' });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });
});

describe('conditions with their matches written out by hand', () => {
  test.each(EXPECTED_MATCHES)('%s %s', async (operator, operand, matches) => {
    expect(await matchingNames(conditionOn(operator, operandsOf(operator, operand)))).toEqual(
      inTableOrder(matches),
    );
  });

  const negations = OPERATOR_NAMES.filter((operator) => baseOf(operator).negated);
  test.each(negations)('%s finds whatever its base operator does not, missing keys too', async (operator) => {
    for (const [base, operand, matches] of EXPECTED_MATCHES) {
      if (base !== baseOf(operator).operator) continue;
      const others = STORED_VALUES.map(({ name }) => name).filter((name) => !matches.includes(name));
      expect(await matchingNames(conditionOn(operator, operandsOf(operator, operand)))).toEqual(others);
    }
  });
});

describe('what a filter becomes', () => {
  const SQL: readonly (readonly [filter: string, text: string, values: readonly unknown[], matches: readonly string[]])[] = [
    [
      '{"field": "metadata.v", "operator": "is", "value": 1.0}',
      // Below a key, containment of a scalar is equality with it.
      `"d"."m" @> $1::jsonb`,
      ['{"v":1.0}'],
      ['1', '1.0'],
    ],
    [
      '{"field": "metadata.v.a.b", "operator": "is", "value": {"c": "NVIDIA A100"}}',
      `("d"."m" @> $1::jsonb AND ("d"."m" -> $2::text -> $3::text -> $4::text) = $5::jsonb)`,
      ['{"v":{"a":{"b":{"c":"NVIDIA A100"}}}}', 'v', 'a', 'b', '{"c":"NVIDIA A100"}'],
      ['{"a": {"b": {"c": "NVIDIA A100"}}}'],
    ],
    [
      // Nothing in it for an index on the document to look up.
      '{"field": "metadata.v", "operator": "is", "value": {}}',
      `("d"."m" -> $1::text) = $2::jsonb`,
      ['v', '{}'],
      ['{}'],
    ],
    [
      '{"not": {"field": "metadata.v", "operator": "exists"}}',
      `(("d"."m" -> $1::text) IS NOT NULL) IS NOT TRUE`,
      ['v'],
      ['no metadata', 'no key'],
    ],
    [
      '{"field": "metadata.v", "operator": "notIn", "value": ["x\\"\\\\{,}", null]}',
      `(("d"."m" -> $1::text) = ANY ($2::jsonb[])) IS NOT TRUE`,
      ['v', ['"x\\"\\\\{,}"', 'null']],
      STORED_VALUES.map(({ name }) => name).filter((name) => name !== 'null'),
    ],
    ['{"field": "metadata.v", "operator": "in", "value": []}', 'false', [], []],
    [
      '{"field": "metadata.v", "operator": "gt", "value": 1e400}',
      `(("d"."m" -> $1::text) > $2::jsonb AND ("d"."m" -> $1::text) < 'false' AND jsonb_typeof(("d"."m" -> $1::text)) = 'number')`,
      ['v', '1e400'],
      [],
    ],
    [
      '{"field": "metadata.v", "operator": "startsWith", "value": "NVIDIA%"}',
      // An `i` that is not the last letter is no `İ`: that is two letters in lower case.
      `("d"."m" @? $1::jsonpath) IS TRUE`,
      ['strict $."v" ? (@ like_regex "^[nN][vV][iI][dD][iI][aA]%")'],
      [],
    ],
    [
      // Letters whose case is a matter of its own are left to ICU.
      '{"field": "metadata.v", "operator": "startsWith", "value": "ა%"}',
      `(jsonb_typeof(("d"."m" -> $1::text)) = 'string' AND starts_with(translate(lower((("d"."m" -> $1::text) #>> '{}') COLLATE "und-x-icu"), 'ς', 'σ'), translate(lower($2::text COLLATE "und-x-icu"), 'ς', 'σ')))`,
      ['v', 'ა%'],
      [],
    ],
    [
      // What can fold to a letter of ASCII stands for it in the look at the text, which comes before the pattern.
      '{"field": "metadata.v.\\"a b\\"", "operator": "contains", "value": "ki (1)"}',
      `(strpos(lower(replace(replace((("d"."m" -> $1::text) ->> $2::text), '\u212a'::text, 'k'::text), 'İ'::text, 'i'::text) COLLATE "C"), $3::text) > 0 AND "d"."m" @? $4::jsonpath) IS TRUE`,
      ['v', 'a b', 'ki (1)', 'strict $."v"."a b".** ? (@ like_regex "[kK\u212a][iI] \\\\(1\\\\)")'],
      [],
    ],
    [
      // A letter that another one folds to, beyond ASCII, is left to the pattern.
      '{"field": "metadata.v", "operator": "contains", "value": "źr"}',
      `("d"."m" @? $1::jsonpath) IS TRUE`,
      ['strict $."v".** ? (@ like_regex "[źŹ][rR]")'],
      [],
    ],
    [
      '{"field": "metadata.v", "operator": "contains", "value": {"b": [1, {"c": null}]}}',
      `("d"."m" @? $1::jsonpath) IS TRUE`,
      ['strict $."v".** ? ((@.type() == "object" && (@."b".type() == "array" && exists(@."b"[*] ? (@ == 1)) && exists(@."b"[*] ? ((@.type() == "object" && @."c" == null))))))'],
      [],
    ],
    [
      // The path language does not count the keys of an object, which must be the same for a list to be equal.
      '{"field": "metadata.v", "operator": "contains", "value": [{"a": 1}]}',
      `CASE jsonb_typeof(("d"."m" -> $1::text)) WHEN 'string' THEN false WHEN 'number' THEN false WHEN 'boolean' THEN false WHEN 'object' THEN (EXISTS (SELECT FROM jsonb_path_query(("d"."m" -> $1::text), 'strict $.** ? (@.type() == "array")[*]') AS element WHERE element = $2::jsonb)) WHEN 'array' THEN (EXISTS (SELECT FROM jsonb_path_query(("d"."m" -> $1::text), 'strict $.** ? (@.type() == "array")[*]') AS element WHERE element = $2::jsonb)) ELSE false END`,
      ['v', '[{"a":1}]'],
      [],
    ],
    [
      '{"or": [{"and": []}, {"field": "metadata.v", "operator": "isEmpty"}]}',
      `(true OR (("d"."m" -> $1::text) IS NULL OR ("d"."m" -> $1::text) IN ('null', '""', '[]', '{}')))`,
      ['v'],
      STORED_VALUES.map(({ name }) => name),
    ],
    ['{"or": []}', 'false', [], []],
    ['{"field": "trial.id", "operator": "in", "value": [1, "2", 3.0, null]}', `("trial"."id" = $1::bigint OR "trial"."id" = $2::numeric)`, ['1', '3.0'], ['no metadata', STORED_VALUES[2]?.name ?? '']],
    ['{"field": "trial.state", "operator": "is", "value": "it\'s"}', `("trial"."state" = $1::text)`, ["it's"], []],
    ['{"field": "trial.step", "operator": "is", "value": "8"}', 'false', [], []],
  ]; // prettier-ignore

  test.each(SQL)('%s', async (json, text, values, matches) => {
    const filter = parseFilter(parseJson(json), NAMES);
    expect(compileFilter(filter, { document: identifier('d', 'm') }).toPositional()).toEqual({
      text,
      values,
    });
    expect(await matchingNames(filter)).toEqual(matches);
  });
});

async function matchingNames(filter: Filter): Promise<readonly string[]> {
  return (await database.matching(filter)).map((id) => storedValue(id).name);
}

function inTableOrder(names: readonly string[]): readonly string[] {
  const known = STORED_VALUES.map(({ name }) => name);
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  return known.filter((name) => names.includes(name));
}

/** The operand of a line of a table, as the filter tree has it: `between` and `in` take the elements of a list. */
function operandsOf(operator: Operator, json: string): readonly JsonValue[] {
  if (json === '') return [];
  const value = parseJson(json);
  const { operand } = OPERATORS[operator];
  return (operand === 'list' || operand === 'pair') && isJsonArray(value) ? value : [value];
}

function differencesOf(
  condition: Condition,
  found: readonly number[],
  expected: readonly number[],
): string[] {
  const text = `${formatField(condition.field)} ${condition.operator} ${writeJson(condition.operands)}`;
  return [
    ...found
      .filter((id) => !expected.includes(id))
      .map((id) => `${text} should not match ${storedValue(id).name}`),
    ...expected
      .filter((id) => !found.includes(id))
      .map((id) => `${text} should match ${storedValue(id).name}`),
  ];
}

/** What the page shows across. */
const TRUTH_COLUMNS = ['no key', 'null', 'true', '8', '"8"', '"NVIDIA A100"', '""', '"2024-05-01"', '["A100", 16]', '[8]', '[]', '{"gpu": "A100", "count": 8}', '{}']; // prettier-ignore

/** What the page shows down. */
const TRUTH_TABLE: readonly (readonly [Operator, string])[] = [
  ['is', '8'], ['is', '"8"'], ['is', 'null'], ['is', '[8.0]'], ['isNot', '8'],
  ['contains', '"a100"'], ['contains', '8'], ['contains', '"8"'], ['contains', '""'], ['contains', '{"count": 8}'], ['doesNotContain', '"a100"'],
  ['exists', ''], ['isMissing', ''], ['isEmpty', ''], ['isNotEmpty', ''],
  ['in', '[8, "8", null]'], ['notIn', '[8, "8", null]'],
  ['gt', '7'], ['gt', '"7"'], ['gte', '"2024-05-01T00:00Z"'], ['lt', '"2024-05-02T00:00+05:30"'], ['between', '[1, 8]'],
  ['startsWith', '"nvidia"'],
]; // prettier-ignore
