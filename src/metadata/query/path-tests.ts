import { isJsonArray, isJsonObject, writeJson, type JsonValue } from '../document/index.js';

/** Values in an operand that are tested one by one: a longer chain of tests goes too deep for PostgreSQL. */
const MOST_TESTS = 64;

/**
 * A test of PostgreSQL's path language, in `strict` mode, for a list that has the operand as an element. Undefined where it
 * cannot be said: the language does not count the keys of an object.
 *
 *     [1, "a"]
 *     (@.type() == "array" && exists(@[*] ? ((@.type() == "array" && @.size() == 2 && @[0] == 1 && @[1] == "a"))))
 */
export function isElementTest(operand: JsonValue): string | undefined {
  if (countValues(operand) > MOST_TESTS) return undefined;
  const test = equalsTest('@', operand);
  return test === undefined ? undefined : `(@.type() == "array" && exists(@[*] ? (${test})))`;
}

/**
 * The same for an object that holds the operand, as jsonb's `@>` has it.
 *
 *     {"gpu": "A100", "tags": ["x"]}
 *     (@.type() == "object" && @."gpu" == "A100" && (@."tags".type() == "array" && exists(@."tags"[*] ? (@ == "x"))))
 */
export function holdsTest(operand: ReadonlyMap<string, JsonValue>): string | undefined {
  return countValues(operand) > MOST_TESTS ? undefined : containsTest('@', operand);
}

function equalsTest(at: string, operand: JsonValue): string | undefined {
  if (isJsonObject(operand)) return undefined;
  if (!isJsonArray(operand)) return `${at} == ${writeJson(operand)}`;
  const elements = operand.map((element, index) => equalsTest(`${at}[${index}]`, element));
  return elements.includes(undefined)
    ? undefined
    : all([`${at}.type() == "array"`, `${at}.size() == ${operand.length}`, ...elements]);
}

function containsTest(at: string, operand: JsonValue): string {
  if (isJsonObject(operand)) {
    const members = [...operand].map(([key, value]) => containsTest(`${at}.${writeJson(key)}`, value));
    return all([`${at}.type() == "object"`, ...members]);
  }
  if (!isJsonArray(operand)) return `${at} == ${writeJson(operand)}`;
  const elements = operand.map((element) => `exists(${at}[*] ? (${containsTest('@', element)}))`);
  return all([`${at}.type() == "array"`, ...elements]);
}

function all(tests: readonly (string | undefined)[]): string {
  return `(${tests.join(' && ')})`;
}

function countValues(value: JsonValue): number {
  if (isJsonArray(value)) return value.reduce<number>((sum, element) => sum + countValues(element), 1);
  if (isJsonObject(value))
    return [...value.values()].reduce<number>((sum, member) => sum + countValues(member), 1);
  return 1;
}
