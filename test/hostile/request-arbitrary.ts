import fc from 'fast-check';
import { hostileJson, hostileText } from './hostile-values.js';
import { ofSchema, type JsonSchema, type Schemas } from './schema-arbitrary.js';

/** The parts of an OpenAPI document that requests are made from. */
export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: JsonSchema }>> };
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema?: JsonSchema;
}

/** A request to send, as it goes over the wire. */
export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const WITHOUT_BODY = ['get', 'head'];

/** Requests to every route of the document: mostly as it describes them, in some place something else. */
export function hostileRequests(document: OpenApiDocument): fc.Arbitrary<HostileRequest> {
  const routes = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc
    .constantFrom(...routes)
    .chain(({ path, method, operation }) => requestTo(path, method, operation, document.components.schemas));
}

function requestTo(
  template: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  schemas: Schemas,
): fc.Arbitrary<HostileRequest> {
  const values = (place: Parameter['in']): fc.Arbitrary<Record<string, string | undefined>> =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [
            name,
            fc.option(parameterText(schema ?? {}, schemas), { nil: undefined }),
          ]),
      ),
    );
  return fc
    .record({
      path: values('path'),
      query: values('query'),
      odd: fc.array(fc.tuple(hostileText, hostileText), { maxLength: 1 }),
      headers: values('header'),
      body: WITHOUT_BODY.includes(method) ? fc.constant(undefined) : bodies(requestBody, schemas),
    })
    .map(({ path, query, odd, headers, body }) => ({
      method: method.toUpperCase(),
      path: `${fill(template, path)}${queryString(query, odd)}`,
      headers: { ...headerFields(headers), ...(body === undefined ? {} : { 'content-type': body.type }) },
      body: body?.content,
    }));
}

function parameterText(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: ofSchema(schema, schemas).map(asText) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
  );
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Body {
  readonly type: string;
  readonly content: string | Uint8Array;
}

function bodies(described: Operation['requestBody'], schemas: Schemas): fc.Arbitrary<Body | undefined> {
  const [type, { schema = {} }] = Object.entries(described?.content ?? {})[0] ?? ['application/json', {}];
  const content = fc.oneof(
    { weight: 12, arbitrary: ofSchema(schema, schemas).map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  );
  const types = fc.oneof(
    { weight: 12, arbitrary: fc.constant(type) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=latin1', ''),
    },
  );
  const body = fc.record({ type: types, content });
  return described === undefined ? fc.option(body, { nil: undefined, freq: 4 }) : body;
}

function fill(template: string, values: Readonly<Record<string, string | undefined>>): string {
  return template.replace(
    /\{(\w+)\}/g,
    (_, name: string) => encoded(values[name] ?? '1').slice(0, 4_000) || '1',
  );
}

function queryString(
  query: Readonly<Record<string, string | undefined>>,
  odd: readonly (readonly [string, string])[],
): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const text = [...given, ...odd]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .join('&')
    .slice(0, 10_000);
  return text === '' ? '' : `?${text}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Only what HTTP lets a client send in a header. */
function headerFields(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            [
              name,
              value
                .replace(/[^\t\x20-\x7e]/g, '?')
                .trim()
                .slice(0, 4_000),
            ],
          ],
    ),
  );
}
