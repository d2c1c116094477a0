import type { operations } from './generated/api-types.js';

/** The name of an operation of the REST API, as its OpenAPI document has it. */
export type OperationId = keyof operations;

type ParametersOf<Id extends OperationId> = operations[Id]['parameters'];

interface WithBody<Content> {
  readonly content: Content;
}

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
export type QueryOf<Id extends OperationId> = NonNullable<ParametersOf<Id>['query']>;

/** A member of what is described that there may be; an object without it where it never is. */
type Member<Described, Name extends keyof Described> = [NonNullable<Described[Name]>] extends [never]
  ? object
  : Pick<Described, Name>;

type BodyMember<Id extends OperationId> = operations[Id] extends {
  readonly requestBody: WithBody<infer Content>;
}
  ? { readonly body: Content[keyof Content] }
  : operations[Id] extends { readonly requestBody?: WithBody<infer Content> }
    ? [Content] extends [never]
      ? object
      : { readonly body?: Content[keyof Content] }
    : object;

/** What an operation takes; what it may go without may be left out. */
export type InputOf<Id extends OperationId> = CallOptions &
  Member<ParametersOf<Id>, 'path'> &
  Member<ParametersOf<Id>, 'query'> &
  BodyMember<Id>;

/** What may be said about any request. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What may be said about a write to one trial. */
export interface WriteOptions extends CallOptions {
  /** Write only if the trial is at this revision; a ProblemError of status 412 says that it is not. */
  readonly ifRevision?: number | undefined;
}
