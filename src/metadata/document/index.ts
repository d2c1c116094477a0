export {
  JsonMap,
  JsonNumber,
  RawJson,
  isJsonArray,
  isJsonObject,
  jsonTypeOf,
  type JsonArray,
  type JsonObject,
  type JsonScalar,
  type JsonType,
  type JsonValue,
} from './json-value.js';
export { parseJson, type ParseJsonOptions } from './parse-json.js';
export { InvalidJsonError } from './invalid-json.error.js';
export { isJsonNumberText } from './json-number-text.js';
export { csvHeader, csvRecord } from './write-csv.js';
export { writeJson } from './write-json.js';
export { toJsonValue, type ToJsonValueOptions } from './to-json-value.js';
export { toPlain, type PlainJson } from './to-plain.js';
export { formatPath, parsePath, type Path } from './path.js';
export { InvalidPathError } from './invalid-path.error.js';
export { DEFAULT_LIMITS, type MetadataLimits } from './metadata-limits.js';
export { characterCount } from './character-count.js';
export { checkLimits } from './check-limits.js';
export { mergePatch } from './merge-patch.js';
export { compareJson } from './compare-json.js';
export { equalJson } from './equal-json.js';
export { compareNumbers } from './compare-numbers.js';
export { compareText } from './compare-text.js';
export { jsonText } from './json-text.js';
export { diffDocuments, type FieldChange } from './diff-documents.js';
export { leafFields, type LeafField } from './leaf-fields.js';
export { shortenText } from './shorten-text.js';
