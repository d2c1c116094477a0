export {
  bind,
  FALSE,
  hideValues,
  identifier,
  joinSql,
  Sql,
  sql,
  tableConstant,
  TRUE,
  trustedSql,
  type BindType,
} from './sql.js';
export { columnCatalog, type Column, type ColumnCatalog, type ColumnType } from './column.js';
export { joinsFor, type TrialJoin, type TrialSource } from './trial-source.js';
export { formatField, type ColumnField, type Field, type MetadataField } from './field.js';
export {
  bothOf,
  conditionsOf,
  EVERYTHING,
  unreachable,
  type Condition,
  type Filter,
  type Group,
  type HasType,
  type Not,
  type SomeValue,
  type ValueType,
} from './filter.js';
export {
  baseOf,
  isOperator,
  OPERATORS,
  type BaseOperator,
  type OperandShape,
  type Operator,
} from './operators.js';
export { DEFAULT_QUERY_LIMITS, requestDepth, type QueryLimits } from './query-limits.js';
export { parseField, parseMetadataPath, type FieldNames } from './parse-field.js';
export { parseFilter, parseOperands, parseOperator } from './parse-filter.js';
export { parseSort } from './parse-sort.js';
export { nestMetadata, parseProjection, selectMetadata, WHOLE_ITEM, type Projection } from './projection.js';
export { readAll, readEach } from './read-all.js';
export {
  parseQueryString,
  readQueryString,
  withoutNul,
  type QueryStringRequest,
  type QueryStringRest,
} from './parse-query-string.js';
export { formatFilter, formatSort } from './format-filter.js';
export { compileFilter, type FilterScope } from './compile-filter.js';
export { columnJson, columnText, columnTextJson } from './compile-column-condition.js';
export {
  afterPageEnd,
  compileSort,
  orderBy,
  pageValue,
  type OrderKey,
  type PageEnd,
} from './compile-sort.js';
export { CursorCodec } from './cursor.js';
export {
  DOCUMENT,
  matchingTrials,
  type MatchingTrials,
  type MetadataTables,
  type ReadRows,
  type TrialSelection,
} from './matching-trials.js';
export { selectValues, type NamedValue } from './select-values.js';
export { needsDocument } from './needs-document.js';
export {
  fieldTextOf,
  isLookedUpByText,
  lookedUpRows,
  lookUp,
  lookUpPays,
  textsOf,
  withoutTexts,
  type DocumentIndexes,
  type LookedUpSearch,
  type LookUpWorth,
} from './look-up/index.js';
export { shareOfPages } from './sampled-table.js';
export { isIndexable, isTooLarge, literalValueAt } from './indexed-value.js';
export { foldText, scalarText } from './fold-text.js';
export { isDate, isInstant } from './instant.js';
export { nearest } from './nearest.js';
export { areReversed } from './reversed-bounds.js';
export type { Sort, SortAs, SortDirection, SortKey } from './sort.js';
export { textAt, valueAt } from './value-at.js';
