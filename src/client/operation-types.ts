import type { operations } from './generated/api-types.js';

/** The name of an operation of the REST API, as its OpenAPI document has it. */
export type OperationId = keyof operations;

type Parameters<Id extends OperationId, Kind extends string> = operations[Id] extends {
  readonly parameters: { readonly [K in Kind]?: infer Given };
}
  ? Given
  : never;

type BodyOf<Id extends OperationId> = operations[Id] extends {
  readonly requestBody: { readonly content: infer Content };
}
  ? Content[keyof Content]
  : never;

type AnswersOf<Id extends OperationId> = operations[Id]['responses'];

/** What an operation answers; null for one without a body. */
export type AnswerOf<Id extends OperationId> = AnswersOf<Id>[keyof AnswersOf<Id>] extends {
  readonly content: infer Content;
}
  ? 'application/json' extends keyof Content
    ? Content['application/json']
    : null
  : null;

/** The parameters of an operation's query string. */
export type QueryOf<Id extends OperationId> = NonNullable<Parameters<Id, 'query'>>;

/** A member that is there when the operation takes one, and must be given when it takes one always. */
type Member<Name extends string, Value> = [Value] extends [never]
  ? object
  : undefined extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value };

/** What an operation takes. */
export type InputOf<Id extends OperationId> = CallOptions &
  Member<'path', Parameters<Id, 'path'>> &
  Member<'query', Parameters<Id, 'query'>> &
  Member<'body', BodyOf<Id>>;

/** What may be said about any request. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What may be said about a write to one trial. */
export interface WriteOptions extends CallOptions {
  /** Write only if the trial is at this revision; a ProblemError of status 412 says that it is not. */
  readonly ifRevision?: number | undefined;
}
