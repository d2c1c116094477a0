/**
 * The page's only door into the server's sources: pure modules that hold the one JSON parser, the one path syntax and
 * the one table of operators, so that page and server can never read a document or a filter differently. File by file,
 * not by the folders' own doors, since those also lead to modules that need Node.js.
 */
export {
  isJsonArray,
  isJsonObject,
  JsonNumber,
  jsonTypeOf,
  type JsonArray,
  type JsonObject,
  type JsonType,
  type JsonValue,
} from '../../../src/metadata/document/json-value.js';
export { characterCount } from '../../../src/metadata/document/character-count.js';
export { compareNumbers } from '../../../src/metadata/document/compare-numbers.js';
export { isZero, readDecimal, type Decimal } from '../../../src/metadata/document/decimal.js';
export { equalJson } from '../../../src/metadata/document/equal-json.js';
export { InvalidJsonError } from '../../../src/metadata/document/invalid-json.error.js';
export { leafFields } from '../../../src/metadata/document/leaf-fields.js';
export { parseJson } from '../../../src/metadata/document/parse-json.js';
export { formatPath, parsePath, type Path } from '../../../src/metadata/document/path.js';
export { csvHeader, csvRecord } from '../../../src/metadata/document/write-csv.js';
export { writeJson } from '../../../src/metadata/document/write-json.js';
export type { Problem } from '../../../src/metadata/metadata.errors.js';
export { OPERATORS, isOperator, type Operator } from '../../../src/metadata/query/operators.js';
export { DEFAULT_QUERY_LIMITS } from '../../../src/metadata/query/query-limits.js';
export { areReversed } from '../../../src/metadata/query/reversed-bounds.js';
