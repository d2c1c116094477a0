import {
  formatPath,
  InvalidRequestError,
  isJsonObject,
  shortenText,
  type JsonValue,
  type Problem,
} from '../../metadata/index.js';

/** Stands for a value that was refused. */
const REFUSED = Symbol('refused');
export type Refused = typeof REFUSED;

/** Notes a fault at the property that is being read; `below` is the place within it, e.g. `[2]`. */
export type Refuse = (fault: Omit<Problem, 'path'>, below?: string) => Refused;

/** Gives the value as a `T`, or calls `refuse` with what is wrong and what is accepted; what it gives then is not used. */
export type ReadValue<T> = (value: JsonValue, refuse: Refuse) => T | Refused | undefined;

/** One property of a request's object. */
export interface Property<T, Required extends boolean = boolean> {
  readonly read: ReadValue<T>;
  readonly required: Required;
}

export type Properties = Readonly<Record<string, Property<unknown>>>;

type ValueOf<P> = P extends Property<infer T> ? T : never;
type NamesOf<P extends Properties, Required extends boolean> = {
  [Name in keyof P]: P[Name] extends Property<unknown, Required> ? Name : never;
}[keyof P];

/** The object that {@link readObject} gives for a set of properties. */
export type ObjectOf<P extends Properties> = {
  readonly [Name in NamesOf<P, true>]: ValueOf<P[Name]>;
} & { readonly [Name in NamesOf<P, false>]?: ValueOf<P[Name]> };

/** A property that must be there. */
export function required<T>(read: ReadValue<T>): Property<T, true> {
  return { read, required: true };
}

/** A property that may be left out. */
export function optional<T>(read: ReadValue<T>): Property<T, false> {
  return { read, required: false };
}

/**
 * Reads a request's object into exactly the properties that are named.
 * @param at what the object itself is called in messages
 * @param beside what else may stand beside the properties, read by someone else, in words for messages
 * @throws InvalidRequestError listing every fault: missing, unknown and wrong properties
 */
export function readObject<P extends Properties>(
  value: JsonValue,
  properties: P,
  at = 'body',
  beside: readonly string[] = [],
): ObjectOf<P> {
  const names = Object.keys(properties);
  if (!isJsonObject(value)) {
    throw InvalidRequestError.at(at, 'value_not_accepted', `Send a JSON object with ${names.join(', ')}.`);
  }
  const problems: Problem[] = [];
  for (const key of value.keys()) {
    if (names.includes(key)) continue;
    const path = formatPath([shortenText(key)]);
    const message = `"${shortenText(key)}" is not known here. Accepted: ${[...names, ...beside].join(', ')}.`;
    problems.push({ path, code: 'unknown_property', message });
  }
  const result: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    const found = value.get(name);
    if (found === undefined) {
      if (property.required)
        problems.push({ path: name, code: 'value_missing', message: `"${name}" is needed.` });
      continue;
    }
    result[name] = property.read(found, (fault, below = '') => {
      problems.push({ path: `${name}${below}`, ...fault });
      return REFUSED;
    });
  }
  if (problems.length > 0) throw new InvalidRequestError(problems);
  // Every property was read by its own reader, and none is missing.
  return result as ObjectOf<P>;
}
