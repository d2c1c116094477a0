import { isJsonObject, JsonNumber, writeJson, type JsonValue, type Path } from '../document/index.js';
import { operandText } from './compile-contains.js';
import { replaceEach, scalarText } from './fold-text.js';
import { holdsTest, isElementTest } from './path-tests.js';
import { bind, joinSql, sql, type Sql } from './sql.js';
import { FOLDED_TO_ASCII, isInScalars, isWhole, plainPart, textPattern } from './text-pattern.js';
import { textAt } from './value-at.js';

/**
 * `contains` on the value at a path, as {@link compileContains} has it, without a sub-select: so it costs a fraction, and
 * several processes can share the reading. Undefined for operands that it takes more to look for.
 *
 *     metadata.framework contains "torch"
 *     (strpos(lower((m.metadata ->> 'framework') COLLATE "C"), 'torch') > 0
 *       AND m.metadata @? 'strict $."framework".** ? (@ like_regex "[tT][oO][rR][cC][hH]")') IS TRUE
 *     metadata.hardware contains {"gpu": "A100"}
 *     (m.metadata @? 'strict $."hardware".** ? ((@.type() == "object" && @."gpu" == "A100"))') IS TRUE
 *
 * `strict` takes steps through objects only, as `->` does, and looks at each value below once. The planner knows from its
 * samples how many documents meet `@?`; `IS TRUE` keeps it from reading the index on documents for it, from end to end.
 * @param value the value at the path
 */
export function containsAtPath(document: Sql, path: Path, value: Sql, operand: JsonValue): Sql | undefined {
  const text = operandText(operand);
  const test = text === undefined ? testWithoutText(operand) : testForText(operand, text);
  if (test === undefined) return undefined;
  const found = exists(document, `${strictPath(path)}.** ? (${test})`);
  if (text === undefined) return isTrue(found);
  const inScalars = isInScalars(text);
  const exact = inScalars
    ? sql`(${joinSql([found, ...scalarTests(document, path, value, text.toLowerCase())], ' OR ')})`
    : found;
  // What is equal to a number with a fraction may be written otherwise: 1.50.
  const isWrittenSo = !(operand instanceof JsonNumber) || isWhole(text);
  const part = isWrittenSo ? plainPart(text) : '';
  // Most values have any one letter; but to look for it in numbers takes long.
  if (part.length < (inScalars ? 1 : 2)) return isTrue(exact);
  // As one condition: of two, PostgreSQL would test that of fewer functions first.
  return isTrue(sql`${isInText(textAt(document, path), part)} AND ${exact}`);
}

/** For null, lists and objects; an element that is equal to an object holds it too. */
function testWithoutText(operand: JsonValue): string | undefined {
  return isJsonObject(operand) ? holdsTest(operand) : isElementTest(operand);
}

/** For the strings below; an element that is equal to a string contains it too. */
function testForText(operand: JsonValue, text: string): string | undefined {
  const pattern = textPattern(text);
  if (pattern === undefined) return undefined;
  const isElement = typeof operand === 'string' ? undefined : isElementTest(operand);
  return [`@ like_regex ${writeJson(pattern)}`, ...(isElement === undefined ? [] : [isElement])].join(' || ');
}

/** `startsWith` in the same way. */
export function startsWithAtPath(document: Sql, path: Path, operand: string): Sql | undefined {
  const pattern = textPattern(operand);
  return pattern === undefined
    ? undefined
    : isTrue(exists(document, `${strictPath(path)} ? (@ like_regex ${writeJson(`^${pattern}`)})`));
}

/**
 * Whether the text of the value, of a list or an object its JSON, has a part of a text, which most that do not contain it lack.
 * That is told at half the cost of a pattern, or at a quarter where values begin like it: the states of a pattern are made anew
 * for each, as far as they match.
 * @param part see {@link plainPart}
 */
function isInText(text: Sql, part: string): Sql {
  const asked = FOLDED_TO_ASCII.filter(([, letter]) => part.includes(letter));
  return sql`strpos(lower(${replaceEach(text, asked)} COLLATE "C"), ${bind(part, 'text')}) > 0`;
}

/** Whether the text is in a number or a boolean: the value itself, or a member of an object. */
function scalarTests(document: Sql, path: Path, value: Sql, text: string): readonly Sql[] {
  const members = `${strictPath(path)}.** ? (@.type() == "object").* ? (@.type() == "number" || @.type() == "boolean")`;
  const bound = bind(text, 'text');
  // What stands between the members, a comma, a blank and brackets, is no part of such a text.
  return [
    sql`(jsonb_typeof(${value}) IN ('number', 'boolean') AND strpos(${scalarText(value)}, ${bound}) > 0)`,
    sql`(jsonb_typeof(${value}) IN ('object', 'array') AND strpos(jsonb_path_query_array(${document}, ${bind(members, 'jsonpath')}, '{}', true)::text, ${bound}) > 0)`,
  ];
}

function exists(document: Sql, path: string): Sql {
  return sql`${document} @? ${bind(path, 'jsonpath')}`;
}

function isTrue(condition: Sql): Sql {
  return sql`(${condition}) IS TRUE`;
}

/** JSON strings are strings of the path language too. */
function strictPath(path: Path): string {
  return `strict $${path.map((key) => `.${writeJson(key)}`).join('')}`;
}
