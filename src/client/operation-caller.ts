import type { ClientOptions } from './client.options.js';
import { OPERATIONS } from './generated/operations.js';
import type { AnswerOf, InputOf, OperationId } from './operation-types.js';
import { Transport, type ApiRequest } from './transport.js';

/** Operations that leave the same behind when they are sent twice, beside those whose method says so. */
const REPEATABLE: ReadonlySet<OperationId> = new Set<OperationId>([
  'reportMetadata',
  'patchMetadata',
  'reportBatch',
  'searchTrials',
  'searchExperiments',
  'compareTrials',
  'aggregateTrials',
  'clearMetadata',
]);

/** What may be said about a request beside what its operation takes. */
export interface CallExtras {
  readonly contentType?: string;
  /** The revision that the trial must be at. */
  readonly ifRevision?: number | undefined;
}

interface AnyInput {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: ApiRequest['query'];
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Calls operations of the REST API by their names. */
export class OperationCaller {
  readonly transport: Transport;

  constructor(options: ClientOptions) {
    this.transport = new Transport(options);
  }

  async call<Id extends OperationId>(
    id: Id,
    input: InputOf<Id>,
    extras: CallExtras = {},
  ): Promise<AnswerOf<Id>> {
    // The description and the server are of one version, as the tests of the description see to.
    const request = this.requestOf(id, input as AnyInput, extras); // its members are those of every operation's input
    return (await this.transport.request(request)) as AnswerOf<Id>;
  }

  /** The request of an operation, for an answer that is no JSON. */
  requestOf(id: OperationId, input: AnyInput, extras: CallExtras = {}): ApiRequest {
    const { method, path } = OPERATIONS[id];
    const { contentType, ifRevision } = extras;
    return {
      method,
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input.path?.[name]))),
      query: input.query,
      body: input.body,
      contentType,
      ...(ifRevision === undefined ? {} : { headers: { 'if-match': `"${ifRevision}"` } }),
      repeatable: ifRevision === undefined && (method === 'GET' || method === 'PUT' || REPEATABLE.has(id)),
      signal: input.signal,
    };
  }
}
