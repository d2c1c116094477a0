/** A JSON Schema of OpenAPI 3.1. */
export type Schema = Readonly<Record<string, unknown>>;

export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly OpenApiParameter[];
  readonly requestBody?: Schema;
  readonly responses: Readonly<Record<string, Schema>>;
}

/**
 * What a module's routes look like, as part of a host's OpenAPI 3.1 document. Paths are below the host's prefix. Plain
 * data, so that a host needs no OpenAPI library for it.
 */
export interface OpenApiFragment {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<HttpMethod, OpenApiOperation>>>>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** A reference to a schema of a fragment. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with exactly these members; those whose names are not in `optional` are always there. */
export function objectOf(
  members: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(members).filter((name) => !optional.includes(name));
  return { type: 'object', properties: members, ...(required.length === 0 ? {} : { required }) };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** One page of a list. */
export function pageOf(items: Schema): Schema {
  return objectOf({ items: listOf(items), next: NEXT });
}

/** The cursor of the next page. */
export const NEXT: Schema = {
  type: ['string', 'null'],
  description: 'Cursor of the next page: pass it as `after`. Null at the end.',
};

/** What an operation says of itself; see {@link operation}. */
export interface OperationInput {
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly OpenApiParameter[];
  /** More than one: the content types of each have a body of their own. */
  readonly body?: BodyInput | readonly BodyInput[];
  readonly answer: AnswerInput;
  /** The statuses of the errors it may answer, each as problem details. */
  readonly errors: readonly number[];
}

interface BodyInput {
  readonly schema: Schema;
  /** Bodies that run as they stand on a master with its demo project. */
  readonly examples: Readonly<Record<string, unknown>>;
  /** Content types; `application/json` by default. */
  readonly types?: readonly string[];
}

interface AnswerInput {
  /** 200 by default. */
  readonly status?: number;
  readonly description: string;
  /** Absent: an answer without a body. */
  readonly schema?: Schema;
  readonly headers?: Readonly<Record<string, Schema>>;
  /** `application/json` by default. */
  readonly types?: readonly string[];
}

const JSON_TYPE: readonly string[] = ['application/json'];

const ERROR_MEANINGS: Readonly<Record<number, string>> = {
  400: 'Something in the request is wrong; `errors` lists every fault with its place.',
  401: 'No token, or one that does not count.',
  403: 'You may see it, but not change it.',
  404: 'It is not there, or you may not see it: one answer for both.',
  409: 'It clashes with what is there already, or takes something that the database lacks; the detail says what.',
  410: 'What came after the cursor is no longer kept; the detail says how to begin anew.',
  412: 'The revision that If-Match names is no longer the current one; `currentRevision` and `changedKeys` say what is.',
  413: 'The body is too large.',
  415: 'The content type is not accepted here.',
  429: 'Too many attempts; Retry-After says when to try again.',
  503: 'The database is away or was too slow; Retry-After says when to try again.',
};

/** An operation in OpenAPI's form, its errors written out. */
export function operation(input: OperationInput): OpenApiOperation {
  const { id, tag, summary, description, parameters, body, answer, errors } = input;
  const status = answer.status ?? 200;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      [status]: answerOf(answer),
      ...Object.fromEntries(errors.map((code) => [code, errorAnswer(code)])),
    },
  };
}

/** The answer to an error of that status. */
export function errorAnswer(status: number): Schema {
  return {
    description: ERROR_MEANINGS[status] ?? 'An error.',
    content: { 'application/problem+json': { schema: ref('Problem') } },
  };
}

function requestBody(body: BodyInput | readonly BodyInput[]): Schema {
  const content = [body].flat().flatMap(({ schema, examples, types = JSON_TYPE }) => {
    const named = Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
    return types.map((type): [string, Schema] => [type, { schema, examples: named }]);
  });
  return { required: true, content: Object.fromEntries(content) };
}

function answerOf({ description, schema, headers, types = JSON_TYPE }: AnswerInput): Schema {
  return {
    description,
    ...(headers === undefined ? {} : { headers }),
    ...(schema === undefined ? {} : { content: Object.fromEntries(types.map((type) => [type, { schema }])) }),
  };
}

/** A parameter of the path that is an id. */
export function idParameter(name: string, of: string): OpenApiParameter {
  return {
    name,
    in: 'path',
    required: true,
    description: `Id of the ${of}.`,
    schema: { type: 'integer', minimum: 1 },
    example: 1,
  };
}

/** A parameter of the query string; optional. */
export function queryParameter(
  name: string,
  description: string,
  schema: Schema = { type: 'string' },
): OpenApiParameter {
  return { name, in: 'query', required: false, description, schema };
}

/** `limit` and `after` of a list that pages. */
export function pageParameters(most: number, fallback: number): readonly OpenApiParameter[] {
  return [
    queryParameter('limit', 'Items a page.', {
      type: 'integer',
      minimum: 1,
      maximum: most,
      default: fallback,
    }),
    queryParameter('after', '`next` of the page before.'),
  ];
}
