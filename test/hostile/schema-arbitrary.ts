import fc from 'fast-check';
import { hostileJson, hostileText } from './hostile-values.js';

/** A JSON Schema as an OpenAPI 3.1 document holds it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
}

/** The named schemas of a document. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

const DEPTH = 5;
/** Ids of what the test has made are among the first. */
const SMALL_ID = fc.integer({ min: 1, max: 40 });

/** Values that mostly meet the schema, and now and then are something else entirely at some place. */
export function ofSchema(schema: JsonSchema, schemas: Schemas, depth = 0): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: conforming(schema, schemas, depth) },
    { weight: 1, arbitrary: hostileJson },
  );
}

function conforming(schema: JsonSchema, schemas: Schemas, depth: number): fc.Arbitrary<unknown> {
  if (depth > DEPTH) return hostileJson;
  const next = (child: JsonSchema): fc.Arbitrary<unknown> => ofSchema(child, schemas, depth + 1);
  if (schema.$ref !== undefined) {
    return conforming(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas, depth + 1);
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices !== undefined) return fc.oneof(...choices.map(next));
  if (schema.allOf !== undefined) {
    return fc.tuple(...schema.allOf.map(next)).map((parts) => Object.assign({}, ...parts) as unknown);
  }
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return schema.properties === undefined ? hostileJson : objects(schema, next);
  return fc.oneof(...types.map((type) => ofType(type, schema, next)));
}

function ofType(
  type: string,
  schema: JsonSchema,
  next: (child: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'integer':
      return fc.oneof(SMALL_ID, fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1e9 }));
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(next(schema.items ?? {}), { maxLength: 4 });
    case 'object':
      return objects(schema, next);
    default:
      return fc.oneof(hostileText, fc.constantFrom('metadata.gpu', 'metadata.a.b', 'trial.id', 'A100', 'e'));
  }
}

function objects(
  { properties = {}, required = [] }: JsonSchema,
  next: (child: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const names = Object.keys(properties);
  if (names.length === 0) {
    return fc
      .array(fc.tuple(hostileText, hostileJson), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries));
  }
  const shape = Object.fromEntries(names.map((name) => [name, next(properties[name] ?? {})]));
  return fc.record(shape, { requiredKeys: names.filter((name) => required.includes(name)) });
}
