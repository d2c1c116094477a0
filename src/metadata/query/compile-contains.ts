import { isJsonArray, isJsonObject, jsonText, writeJson, type JsonValue } from '../document/index.js';
import { foldText, scalarText } from './fold-text.js';
import { bind, FALSE, joinSql, sql, type Sql } from './sql.js';

/**
 * `contains` on a jsonb expression. True, false or unknown; unknown counts as false.
 *
 *     metadata.framework contains "pytorch"
 *     CASE jsonb_typeof(v) WHEN 'string' THEN strpos(fold(v), fold($1)) > 0
 *       WHEN 'array' … THEN EXISTS (some element below) OR EXISTS (some member below) … END
 *
 * A number or boolean counts by its text when it is the value itself or a member of an object; as an element of a list
 * it must be equal, so that `[16, 32]` does not contain 1.
 */
export function compileContains(value: Sql, operand: JsonValue): Sql {
  const text = operandText(operand);
  const nested = sql`(${joinSql(nestedTests(value, operand, text), ' OR ')})`;
  const inText = text === undefined ? FALSE : textContains(value, text);
  return sql`CASE jsonb_typeof(${value}) WHEN 'string' THEN ${inText} WHEN 'number' THEN ${inText} WHEN 'boolean' THEN ${inText} WHEN 'object' THEN ${nested} WHEN 'array' THEN ${nested} ELSE false END`;
}

/** `startsWith` on a jsonb expression, ignoring case: only strings can. */
export function compileStartsWith(value: Sql, operand: string): Sql {
  return sql`(jsonb_typeof(${value}) = 'string' AND starts_with(${foldText(scalarText(value))}, ${foldText(bind(operand, 'text'))}))`;
}

function nestedTests(value: Sql, operand: JsonValue, text: string | undefined): readonly Sql[] {
  // An empty list equals any empty list, so equality of elements is asked whatever the operand is.
  const elementIs = sql`element = ${bind(writeJson(operand), 'jsonb')}`;
  const elementTest =
    text === undefined
      ? elementIs
      : sql`(${elementIs} OR (jsonb_typeof(element) = 'string' AND ${textContains(sql`element`, text)}))`;
  const tests = [
    sql`EXISTS (SELECT FROM jsonb_path_query(${value}, 'strict $.** ? (@.type() == "array")[*]') AS element WHERE ${elementTest})`,
  ];
  if (text !== undefined) {
    tests.push(
      sql`EXISTS (SELECT FROM jsonb_path_query(${value}, 'strict $.** ? (@.type() == "object").*') AS member WHERE jsonb_typeof(member) IN ('string', 'number', 'boolean') AND ${textContains(sql`member`, text)})`,
    );
  }
  if (isJsonObject(operand)) {
    tests.push(
      sql`EXISTS (SELECT FROM jsonb_path_query(${value}, 'strict $.** ? (@.type() == "object")') AS node WHERE node @> ${bind(writeJson(operand), 'jsonb')})`,
    );
  }
  return tests;
}

/** strpos and not LIKE: nothing in the operand has a meaning of its own. */
function textContains(value: Sql, text: string): Sql {
  return sql`strpos(${foldText(scalarText(value))}, ${foldText(bind(text, 'text'))}) > 0`;
}

/** What the operand is as text, a number as PostgreSQL prints it: 1e3 as 1000. Null, lists and objects have none. */
export function operandText(operand: JsonValue): string | undefined {
  if (operand === null || isJsonArray(operand) || isJsonObject(operand)) return undefined;
  return typeof operand === 'string' ? operand : jsonText(operand);
}
