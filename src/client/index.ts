export { TrialMetadataClient } from './trial-metadata-client.js';
export type { ClientOptions } from './client.options.js';
export { NoAnswerError, ProblemError, UnreadableAnswerError, type Problem } from './client.errors.js';
export { apiPath, type ApiRequest } from './transport.js';
export type {
  AnswerOf,
  CallOptions,
  InputOf,
  OperationId,
  QueryOf,
  WriteOptions,
} from './operation-types.js';
export type {
  AggregateAnswer,
  AggregateRequest,
  ChangesQuery,
  CompareAnswer,
  CompareRequest,
  Condition,
  ExperimentItem,
  ExperimentPage,
  ExportQuery,
  FieldsQuery,
  FieldValue,
  Filter,
  HistoryQuery,
  KnownField,
  Limits,
  Metadata,
  MetadataRecord,
  Page,
  Revision,
  SearchRequest,
  SortKey,
  TrialChange,
  TrialId,
  TrialItem,
  TrialPage,
  TrialReport,
  ValuesQuery,
} from './api-types.js';
