import { isJsonArray, JsonMap, RawJson, type JsonValue, type Path } from '../document/index.js';
import { InvalidRequestError } from '../metadata.errors.js';
import type { Column } from './column.js';
import { valueAt } from './value-at.js';
import { parseField, type FieldNames } from './parse-field.js';
import { readEach } from './read-all.js';
import { sql, type Sql } from './sql.js';

/** Which parts of an item an answer holds beside its ids. */
export interface Projection {
  /** The columns asked for; `default`: those of a plain item. */
  readonly columns: readonly Column[] | 'default';
  /** The metadata paths asked for, none within another; `all` of the document, or `none`. */
  readonly metadata: readonly Path[] | 'all' | 'none';
}

export const WHOLE_ITEM: Projection = { columns: 'default', metadata: 'all' };

/**
 * Reads `fields` of a request: a list of `metadata.<path>`, `metadata` and column names. Absent: everything; an empty
 * list: ids alone.
 * @throws InvalidRequestError naming the entries that are wrong
 */
export function parseProjection(input: JsonValue | undefined, names: FieldNames, at = 'fields'): Projection {
  if (input === undefined || input === null) return WHOLE_ITEM;
  if (!isJsonArray(input)) {
    throw InvalidRequestError.at(
      at,
      'invalid_fields',
      '"fields" is a list of fields, e.g. ["metadata.hardware.gpu", "trial.state"].',
    );
  }
  const limit = names.limits.fields;
  if (input.length > limit) {
    const message = `At most ${limit} fields can be asked for.`;
    throw new InvalidRequestError([
      { path: at, code: 'too_many_fields', message, limit, actual: input.length },
    ]);
  }
  const columns = new Set<Column>();
  const paths: Path[] = [];
  const whole = input.includes('metadata');
  readEach(input, (entry, index) => {
    const place = `${at}[${index}]`;
    if (typeof entry !== 'string')
      throw InvalidRequestError.at(place, 'invalid_field', 'A field is a string.');
    if (entry === 'metadata') return;
    const field = parseField(entry, place, names);
    if (field.kind === 'column') columns.add(field.column);
    else paths.push(field.path);
  });
  return { columns: [...columns], metadata: whole ? 'all' : paths.length === 0 ? 'none' : outermost(paths) };
}

/** Metadata values by key, nested as in the document. */
export type Nested = JsonMap<RawJson | Nested>;

/** The SELECT expressions for the metadata of a projection: the text of each value, NULL where it is not there. */
export function selectMetadata(projection: Projection, document: Sql): readonly Sql[] {
  if (projection.metadata === 'none') return [];
  if (projection.metadata === 'all') return [sql`${document}::text`];
  return projection.metadata.map((path) => sql`${valueAt(document, path)}::text`);
}

/** The `metadata` of an item from what {@link selectMetadata} selected; undefined when none was asked for. */
export function nestMetadata(
  projection: Projection,
  texts: readonly (string | null)[],
): RawJson | Nested | undefined {
  if (projection.metadata === 'none') return undefined;
  if (projection.metadata === 'all') return new RawJson(texts[0] ?? '{}');
  const root: Nested = new JsonMap();
  projection.metadata.forEach((path, index) => {
    const text = texts[index];
    if (typeof text !== 'string') return;
    let node = root;
    for (const segment of path.slice(0, -1)) {
      const child = node.get(segment);
      const next = child === undefined || child instanceof RawJson ? new JsonMap<RawJson | Nested>() : child;
      node.set(segment, next);
      node = next;
    }
    node.set(path.at(-1) ?? '', new RawJson(text));
  });
  return root;
}

/** Each path once, and none that lies below another one of them. */
function outermost(paths: readonly Path[]): readonly Path[] {
  return paths.filter(
    (path, index) =>
      !paths.some((other, otherIndex) =>
        other.length === path.length
          ? otherIndex < index && startsWith(path, other)
          : other.length < path.length && startsWith(path, other),
      ),
  );
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((segment, index) => path[index] === segment);
}
