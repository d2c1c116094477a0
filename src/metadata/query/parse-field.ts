import { characterCount, parsePath, shortenText, type Path } from '../document/index.js';
import { InvalidRequestError, MetadataError } from '../metadata.errors.js';
import type { ColumnCatalog } from './column.js';
import type { Field } from './field.js';
import { nearest } from './nearest.js';
import type { QueryLimits } from './query-limits.js';

const METADATA_PREFIX = 'metadata.';

/** What names can mean, and how long they may be. */
export interface FieldNames {
  readonly columns: ColumnCatalog;
  readonly limits: QueryLimits;
}

/**
 * Reads a field as requests write it: `metadata.<path>`, or one of the host's columns.
 * @param at the place in the request, for the message, e.g. `filter.and[0].field`
 * @throws InvalidRequestError `invalid_field`, `invalid_path` or `unknown_column`
 */
export function parseField(text: string, at: string, names: FieldNames): Field {
  if (text.startsWith(METADATA_PREFIX)) {
    return {
      kind: 'metadata',
      path: parseMetadataPath(text.slice(METADATA_PREFIX.length), at, names.limits),
    };
  }
  const column = names.columns.get(text);
  if (column !== undefined) return { kind: 'column', column };
  throw InvalidRequestError.at(at, 'unknown_column', unknownColumnMessage(text, names.columns));
}

/**
 * Reads a path below `metadata`, e.g. `hardware.gpu` or `"lr.schedule".warmup`.
 * @throws InvalidRequestError `invalid_path`, `text_too_long` or `path_too_deep`
 */
export function parseMetadataPath(text: string, at: string, limits: QueryLimits): Path {
  if (characterCount(text) > limits.textLength) {
    throw new InvalidRequestError([
      {
        path: at,
        code: 'text_too_long',
        message: `A path has at most ${limits.textLength} characters.`,
        limit: limits.textLength,
        actual: characterCount(text),
      },
    ]);
  }
  const path = parsePathAt(text, at);
  if (path.length > limits.pathSegments) {
    throw new InvalidRequestError([
      {
        path: at,
        code: 'path_too_deep',
        message: `A path has at most ${limits.pathSegments} segments.`,
        limit: limits.pathSegments,
        actual: path.length,
      },
    ]);
  }
  if (path.some((segment) => segment.includes('\0') || !segment.isWellFormed())) {
    throw InvalidRequestError.at(
      at,
      'invalid_path',
      'The path holds a character that no key can hold: NUL or half of a surrogate pair.',
    );
  }
  return path;
}

function parsePathAt(text: string, at: string): Path {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof MetadataError) throw InvalidRequestError.at(at, 'invalid_path', error.message);
    throw error;
  }
}

function unknownColumnMessage(text: string, columns: ColumnCatalog): string {
  const names = [...columns.keys()];
  const shown = shortenText(text, 100);
  const near = nearest(shown, [...names, 'metadata'])[0];
  const hint = near === undefined ? '' : ` Did you mean ${near === 'metadata' ? `metadata.${shown}` : near}?`;
  return `"${shown}" is no field.${hint} Write metadata.<path> for metadata, or one of ${names.join(', ')}.`;
}
