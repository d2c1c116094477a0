export {
  characterCount,
  checkLimits,
  compareJson,
  compareNumbers,
  compareText,
  csvHeader,
  csvRecord,
  DEFAULT_LIMITS,
  equalJson,
  formatPath,
  InvalidJsonError,
  InvalidPathError,
  isJsonArray,
  isJsonNumberText,
  isJsonObject,
  JsonMap,
  JsonNumber,
  jsonText,
  jsonTypeOf,
  leafFields,
  parseJson,
  parsePath,
  RawJson,
  shortenText,
  toJsonValue,
  toPlain,
  writeJson,
  type JsonArray,
  type JsonObject,
  type JsonScalar,
  type JsonType,
  type JsonValue,
  type LeafField,
  type MetadataLimits,
  type ParseJsonOptions,
  type Path,
  type PlainJson,
  type ToJsonValueOptions,
} from './document/index.js';
export {
  afterPageEnd,
  areReversed,
  bind,
  bothOf,
  columnCatalog,
  columnJson,
  columnText,
  columnTextJson,
  compileFilter,
  compileSort,
  conditionsOf,
  CursorCodec,
  DEFAULT_QUERY_LIMITS,
  DOCUMENT,
  EVERYTHING,
  formatField,
  formatFilter,
  formatSort,
  hideValues,
  identifier,
  isDate,
  isIndexable,
  isInstant,
  isTooLarge,
  joinSql,
  literalValueAt,
  lookedUpRows,
  lookUp,
  lookUpPays,
  matchingTrials,
  nearest,
  needsDocument,
  nestMetadata,
  OPERATORS,
  orderBy,
  pageValue,
  parseField,
  parseFilter,
  parseOperands,
  parseProjection,
  parseQueryString,
  parseSort,
  readAll,
  readEach,
  readQueryString,
  selectMetadata,
  selectValues,
  Sql,
  sql,
  textAt,
  trustedSql,
  valueAt,
  withoutTexts,
  type BaseOperator,
  type BindType,
  type Column,
  type ColumnCatalog,
  type ColumnField,
  type ColumnType,
  type Condition,
  type DocumentIndexes,
  type Field,
  type FieldNames,
  type Filter,
  type FilterScope,
  type Group,
  type HasType,
  type MatchingTrials,
  type MetadataField,
  type MetadataTables,
  type NamedValue,
  type Not,
  type OperandShape,
  type Operator,
  type OrderKey,
  type PageEnd,
  type Projection,
  type QueryLimits,
  type QueryStringRequest,
  type QueryStringRest,
  type ReadRows,
  type SomeValue,
  type Sort,
  type SortAs,
  type SortDirection,
  type SortKey,
  type TrialJoin,
  type TrialSelection,
  type TrialSource,
  type ValueType,
} from './query/index.js';
export {
  BodyTooLargeError,
  ChangesForgottenError,
  ChangesOffError,
  duplicateParameter,
  EditForbiddenError,
  IndexesForbiddenError,
  InvalidRequestError,
  MetadataError,
  RevisionConflictError,
  RevisionNotFoundError,
  TextIndexesUnavailableError,
  TrialNotFoundError,
  UnsupportedMediaTypeError,
  type MetadataErrorCode,
  type Problem,
} from './metadata.errors.js';
export { checkPageSize, type PageSizes } from './page-size.js';
export { PreparedStatements } from './storage/prepared-statements.js';
export { FOREIGN_KEY_VIOLATION, isTransient, sqlStateOf, UNIQUE_VIOLATION } from './storage/sql-state.js';
export { openReader, readOnly, readReplica, type ReadFrom, type RunSql } from './read-only.js';
export { MetadataQueryBuilder, type ApplyOptions } from './metadata-query-builder.js';
export { KnownFieldsService, type KnownField } from './fields/known-fields.service.js';
export { FieldTypesService } from './fields/field-types.service.js';
export { StringFieldsService, type StringField } from './fields/string-fields.service.js';
export { FieldValuesService, type FieldValue } from './fields/field-values.service.js';
export { FieldIndexesService, type FieldIndex } from './indexes/field-indexes.service.js';
export { INDEX_ADVISOR_MODES, type IndexAdvisorMode, type IndexBudget } from './indexes/index-advice.js';
export { lookedUpByText, paysToLookUp } from './indexes/paying-look-ups.js';
export { INDEX_KINDS, describeIndex, type IndexKind } from './indexes/index-target.js';
export { IndexAdvisor } from './indexes/index-advisor.service.js';
export type { IndexProposal } from './indexes/index-proposals.js';
export { SearchTally } from './indexes/search-tally.js';
export type { Search } from './indexes/searched-fields.js';
export { FieldCounter } from './fields/field-counter.js';
export { SummaryBuilder } from './fields/summary-builder.js';
export { ValueSummariesService, type SummaryRequest } from './fields/value-summaries.service.js';
export { summarySubject, type SummarySubject } from './fields/value-summary.js';
export { METADATA_CONTROLLERS } from './assemble-module.js';
export { MetadataModule } from './metadata.module.js';
export type { MetadataModuleAsyncOptions, MetadataModuleOptions } from './metadata.module-definition.js';
export type {
  ChangeRetention,
  CheckedMetadataOptions,
  HistoryRetention,
  MetadataExtras,
  MetadataOptions,
  TrialEntity,
  ValueSummariesOptions,
} from './metadata.options.js';
export { METADATA_OPTION_NAMES } from './metadata.options.js';
export { checkGivenNames, checkOptionNames, type ModuleOptionNames } from './option-names.js';
export {
  METADATA_DATA_SOURCE,
  METADATA_OPTIONS,
  METADATA_TABLE_NAMES,
  METADATA_TABLES,
  TRIAL_SOURCE,
} from './metadata.tokens.js';
export { MetadataService, type TransactionOptions, type WriteOptions } from './metadata.service.js';
export {
  BATCH_REPORTS,
  MetadataBatchService,
  type ManyResult,
  type TrialReport,
  type WriteManyOptions,
} from './metadata-batch.service.js';
export {
  MetadataHistoryService,
  type HistoryPage,
  type HistoryRequest,
  type Revision,
} from './metadata-history.service.js';
export type { RevisionChange } from './revision-changes.js';
export { MetadataEvents, type MetadataListener } from './changes/metadata-events.js';
export type { MetadataEvent, MetadataEventName } from './changes/metadata-event.js';
export {
  MetadataChangesService,
  type ChangesAnswer,
  type ChangesRequest,
  type TrialChange,
} from './changes/metadata-changes.service.js';
export { ChangeRetentionService } from './changes/change-retention.service.js';
export { HistoryRetentionService } from './history-retention.service.js';
export { MetadataRecord } from './metadata-record.js';
export type { MetadataInput } from './accept-document.js';
export { allowAll, MetadataAccessPolicy, type TrialRestriction } from './access/metadata-access-policy.js';
export { TrialAccess } from './access/trial-access.js';
export { TrustedUser } from './access/trusted-user.js';
export { trialMetadataOf, type TrialMetadataOf } from './entities/trial-metadata-of.js';
export { TrialMetadata } from './entities/trial-metadata.entity.js';
export {
  buildIndex,
  metadataMigrations,
  runMigrationsInTurn,
  withBriefLock,
  type IndexToBuild,
  type MetadataMigrationsOptions,
} from './migrations/index.js';
export { trialSourceOf, type EntityJoin, type EntitySource } from './source/index.js';
export { CHANGE_SOURCES, type ChangeSource } from './storage/change-source.js';
export type { MetadataTableNames } from './storage/metadata-tables.js';
export type { TrialId } from './storage/trial-id.js';
export type { TrialIdType, TrialTable } from './storage/trial-table.js';
export { Turns } from './storage/turns.js';
export { trialTableOf } from './trial-tables.js';
export type { BodyRoute } from './http/body-route.js';
export { checkContentType } from './http/content-type.js';
export { ExactBodies } from './http/exact-bodies.js';
export { keptBody, type CapturedBody } from './http/captured-body.js';
export { ExactBody, unpiped } from './http/exact-body.decorator.js';
export { ExactJsonInterceptor } from './http/exact-json.interceptor.js';
export { MetadataExceptionFilter } from './http/metadata-exception.filter.js';
export { SettledError } from './http/settled-error.js';
export { IfMatch, PathParameter, QueryInteger, QueryParameter } from './http/request-parameters.js';
export { QueryParameters } from './http/query-parameters.decorator.js';
export {
  PROBLEM_TYPE,
  problemAnswer,
  problemDetails,
  writeProblem,
  type ProblemAnswer,
  type ProblemDetails,
} from './http/problem-details.js';
export { sendProblem, type AdapterResponse } from './http/answer.js';
export {
  errorAnswer,
  idParameter,
  listOf,
  metadataOpenApi,
  NEXT,
  objectOf,
  operation,
  pageOf,
  pageParameters,
  queryParameter,
  ref,
  type HttpMethod,
  type OpenApiFragment,
  type OpenApiOperation,
  type OpenApiParameter,
  type Schema,
} from './openapi/index.js';
