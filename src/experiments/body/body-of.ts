import { isJsonObject, type JsonValue } from '../../metadata/index.js';

/** The body of a request: absent or null is empty, and a property that is null is as good as absent, e.g. `"after": null`. */
export function bodyOf(body: JsonValue | undefined): JsonValue {
  if (body === undefined || body === null) return new Map();
  return isJsonObject(body) ? new Map([...body].filter(([, value]) => value !== null)) : body;
}

/** A property of a body; undefined where it is absent, or the body is no object. */
export function memberOf(body: JsonValue, name: string): JsonValue | undefined {
  return isJsonObject(body) ? body.get(name) : undefined;
}
