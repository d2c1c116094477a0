/**
 * A number exactly as JSON wrote it. `text` is a legal JSON number; no digit is ever dropped, so it may be beyond what
 * a JavaScript number holds (`9007199254740993`, `1e400`).
 */
export class JsonNumber {
  constructor(readonly text: string) {}

  /** The nearest JavaScript number; may round, may be infinite. */
  toNumber(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** For `JSON.stringify`, which has no exact numbers: {@link toNumber}, and so null for what is beyond a double. */
  toJSON(): number {
    return this.toNumber();
  }
}

export type JsonScalar = null | boolean | string | JsonNumber;
export type JsonArray = readonly JsonValue[];
/** A map, since a plain object treats keys such as `__proto__` and `10` in ways of its own. */
export type JsonObject = ReadonlyMap<string, JsonValue>;
/** Any JSON value, with nothing lost: what {@link parseJson} gives and {@link writeJson} takes. */
export type JsonValue = JsonScalar | JsonArray | JsonObject;

/** JSON text that is known to be valid (PostgreSQL wrote it) and goes into an answer as it stands. */
export class RawJson {
  constructor(readonly text: string) {}

  /** For `JSON.stringify`: the value as `JSON.parse` reads it, which rounds digits beyond a double. */
  toJSON(): unknown {
    return JSON.parse(this.text);
  }
}

/** A {@link JsonObject} that `JSON.stringify` writes as an object; any other map it writes as `{}`. */
export class JsonMap<Value = JsonValue> extends Map<string, Value> {
  /** It is a map to whoever compares classes, as `toEqual` of a host's tests does. */
  override get ['constructor'](): MapConstructor {
    return Map;
  }

  toJSON(): Readonly<Record<string, Value>> {
    return Object.fromEntries(this);
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return value instanceof Map;
}

export function isJsonArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** What `type` a value has in the words of JSON: as used in messages, in the known fields and by `jsonb_typeof`. */
export type JsonType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function jsonTypeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (value instanceof JsonNumber) return 'number';
  return isJsonArray(value) ? 'array' : 'object';
}
