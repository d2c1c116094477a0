import type {
  AggregateAnswer,
  AggregateRequest,
  ChangesQuery,
  CompareAnswer,
  CompareRequest,
  ExperimentItem,
  ExperimentPage,
  ExportQuery,
  FieldsQuery,
  FieldValue,
  HistoryQuery,
  KnownField,
  Limits,
  Metadata,
  MetadataRecord,
  Page,
  Revision,
  SearchRequest,
  TrialId,
  TrialItem,
  TrialPage,
  TrialReport,
  ValuesQuery,
} from './api-types.js';
import type { ClientOptions } from './client.options.js';
import { eachItem } from './each-item.js';
import { OperationCaller } from './operation-caller.js';
import type { AnswerOf, CallOptions, InputOf, OperationId, WriteOptions } from './operation-types.js';
import type { ApiRequest } from './transport.js';

/**
 * The REST API, typed. Every method throws ProblemError for what the server refuses, NoAnswerError when none comes, and
 * the signal's reason when it is aborted.
 *
 *     const client = new TrialMetadataClient({ baseUrl: 'http://localhost:8080/api/v1', token });
 *     await client.reportMetadata(7, { gpu: 'A100' });
 *     for await (const trial of client.eachTrial({ filter })) console.log(trial.id);
 */
export class TrialMetadataClient {
  private readonly operations: OperationCaller;

  constructor(options: ClientOptions) {
    this.operations = new OperationCaller(options);
  }

  /** Each key given replaces that key of the trial's metadata; the others stay. */
  reportMetadata(trialId: TrialId, metadata: Metadata, options: WriteOptions = {}): Promise<MetadataRecord> {
    return this.operations.call(
      'reportMetadata',
      { path: { trialId }, body: { metadata }, ...signalOf(options) },
      options,
    );
  }

  /** Replaces the whole document. */
  setMetadata(trialId: TrialId, metadata: Metadata, options: WriteOptions = {}): Promise<MetadataRecord> {
    return this.operations.call(
      'setMetadata',
      { path: { trialId }, body: { metadata }, ...signalOf(options) },
      options,
    );
  }

  /** Merges in depth (RFC 7396): null deletes. */
  patchMetadata(trialId: TrialId, patch: Metadata, options: WriteOptions = {}): Promise<MetadataRecord> {
    const extras = { ifRevision: options.ifRevision, contentType: 'application/merge-patch+json' };
    return this.operations.call(
      'patchMetadata',
      { path: { trialId }, body: patch, ...signalOf(options) },
      extras,
    );
  }

  clearMetadata(trialId: TrialId, options: WriteOptions = {}): Promise<MetadataRecord> {
    return this.operations.call('clearMetadata', { path: { trialId }, ...signalOf(options) }, options);
  }

  /** Makes a new revision equal to an earlier one. */
  revertMetadata(trialId: TrialId, revision: number, options: WriteOptions = {}): Promise<MetadataRecord> {
    return this.operations.call(
      'revertMetadata',
      { path: { trialId }, body: { revision }, ...signalOf(options) },
      options,
    );
  }

  /** The metadata now, or as of a revision; `{}` at revision 0 when nothing was ever reported. */
  readMetadata(
    trialId: TrialId,
    options: CallOptions & { readonly revision?: number | undefined } = {},
  ): Promise<MetadataRecord> {
    const query = options.revision === undefined ? {} : { revision: options.revision };
    return this.operations.call('getMetadata', { path: { trialId }, query, ...signalOf(options) });
  }

  /** One page of who changed which fields, newest first. */
  history(trialId: TrialId, query: HistoryQuery = {}, options: CallOptions = {}): Promise<Page<Revision>> {
    return this.operations.call('getMetadataHistory', { path: { trialId }, query, ...options });
  }

  /** Every revision, newest first. */
  eachRevision(
    trialId: TrialId,
    query: HistoryQuery = {},
    options: CallOptions = {},
  ): AsyncGenerator<Revision> {
    return eachItem((after) =>
      this.history(trialId, after === undefined ? query : { ...query, after }, options),
    );
  }

  /** Up to 1,000 reports in one transaction: all or none. */
  async reportBatch(
    reports: readonly TrialReport[],
    options: CallOptions = {},
  ): Promise<readonly MetadataRecord[]> {
    return (await this.operations.call('reportBatch', { body: { reports }, ...options })).reports;
  }

  limits(options: CallOptions = {}): Promise<Limits> {
    return this.operations.call('getMetadataLimits', options);
  }

  /** One page of the known fields. */
  fields(query: FieldsQuery = {}, options: CallOptions = {}): Promise<Page<KnownField>> {
    return this.operations.call('listFields', { query, ...options });
  }

  eachField(query: FieldsQuery = {}, options: CallOptions = {}): AsyncGenerator<KnownField> {
    return eachItem((after) => this.fields(after === undefined ? query : { ...query, after }, options));
  }

  /** One page of the values of a field with counts, the most frequent first. */
  values(query: ValuesQuery, options: CallOptions = {}): Promise<Page<FieldValue>> {
    return this.operations.call('listValues', { query, ...options });
  }

  /** What has changed on any trial since a cursor. */
  changes(query: ChangesQuery = {}, options: CallOptions = {}): Promise<AnswerOf<'listChanges'>> {
    return this.operations.call('listChanges', { query, ...options });
  }

  /** One page of the trials that meet a filter. */
  searchTrials(request: SearchRequest = {}, options: CallOptions = {}): Promise<TrialPage> {
    return this.operations.call('searchTrials', { body: request, ...options });
  }

  /** Every trial that meets a filter, page by page; nothing is counted unless `count` asks for it. */
  eachTrial(request: SearchRequest = {}, options: CallOptions = {}): AsyncGenerator<TrialItem> {
    return eachItem((after) => this.searchTrials(pageOf(request, after), options), request.after);
  }

  /** One page of the experiments of which a trial meets a filter. */
  searchExperiments(request: SearchRequest = {}, options: CallOptions = {}): Promise<ExperimentPage> {
    return this.operations.call('searchExperiments', { body: request, ...options });
  }

  /** Every such experiment, page by page. */
  eachExperiment(request: SearchRequest = {}, options: CallOptions = {}): AsyncGenerator<ExperimentItem> {
    return eachItem((after) => this.searchExperiments(pageOf(request, after), options), request.after);
  }

  /** Trials field by field, or a summary of many. */
  compareTrials(request: CompareRequest, options: CallOptions = {}): Promise<CompareAnswer> {
    return this.operations.call('compareTrials', { body: request, ...options });
  }

  /** Statistics of numeric fields by group. */
  aggregateTrials(request: AggregateRequest, options: CallOptions = {}): Promise<AggregateAnswer> {
    return this.operations.call('aggregateTrials', { body: request, ...options });
  }

  /** Every matching trial as CSV or JSON Lines; the body of the answer is read as it comes. */
  exportTrials(query: ExportQuery, options: CallOptions = {}): Promise<Response> {
    return this.operations.transport.send(this.operations.requestOf('exportTrials', { query, ...options }));
  }

  /** Any operation of the OpenAPI document by its name, such as `createTrial`. */
  call<Id extends OperationId>(id: Id, input: InputOf<Id>): Promise<AnswerOf<Id>> {
    return this.operations.call(id, input);
  }

  /** Any request below `baseUrl`, such as to routes of the host's own; what is answered is not looked at. */
  request(request: ApiRequest): Promise<unknown> {
    return this.operations.transport.request(request);
  }

  /** Like {@link request}, for an answer that is no JSON. */
  send(request: ApiRequest): Promise<Response> {
    return this.operations.transport.send(request);
  }
}

function signalOf({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}

function pageOf(request: SearchRequest, after: string | undefined): SearchRequest {
  return { count: 'none', ...request, ...(after === undefined ? {} : { after }) };
}
