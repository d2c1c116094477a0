import { characterCount, DEFAULT_QUERY_LIMITS, type Path } from '../metadata/index.js';
import { InvalidArgumentError } from './determined.errors.js';

const PREFIX = 'metadata.';
/** What a bare segment may not hold: it would end the segment, the sort key or the list of sort keys. */
const NEEDS_QUOTES = /^"|[.,=]|^$/;
/** A segment that is a whole JSON string. */
const QUOTED = /"(?:[^"\\]|\\.)*"(?=\.|$)/y;

/**
 * The path as Determined names it, segments joined by dots. Its own keys hold no dot; one of ours that does, or that is
 * empty or would be misread in a sort, is written as a JSON string.
 */
export function formatFlatKey(path: Path): string {
  return path.map((key) => (NEEDS_QUOTES.test(key) ? JSON.stringify(key) : key)).join('.');
}

/** {@link formatFlatKey} as the name of a column. */
export function formatMetadataColumn(path: Path): string {
  return `${PREFIX}${formatFlatKey(path)}`;
}

/**
 * Reads what {@link formatFlatKey} writes. Every text is some path: a quote that does not fit is part of its key.
 * @throws InvalidArgumentError for NUL and half a surrogate pair, which no stored key can hold, and for longer paths than
 * queries of any kind may name
 */
export function parseFlatKey(text: string): Path {
  const { pathSegments, textLength } = DEFAULT_QUERY_LIMITS;
  if (characterCount(text) > textLength) throw tooLong(`${textLength} characters`);
  const path: string[] = [];
  for (let start = 0; start <= text.length;) {
    const quoted = quotedSegment(text, start);
    const dot = text.indexOf('.', start);
    const end = quoted?.end ?? (dot < 0 ? text.length : dot);
    path.push(quoted?.key ?? text.slice(start, end));
    start = end + 1;
  }
  if (path.length > pathSegments) throw tooLong(`${pathSegments} segments`);
  if (path.some((key) => key.includes('\0') || !key.isWellFormed())) {
    throw new InvalidArgumentError('invalid metadata key: it holds a character that no key can hold');
  }
  return path;
}

/** {@link parseFlatKey} of a column's name, with or without its prefix. */
export function parseMetadataColumn(name: string): Path {
  return parseFlatKey(isMetadataColumn(name) ? name.slice(PREFIX.length) : name);
}

export function isMetadataColumn(name: string): boolean {
  return name.startsWith(PREFIX);
}

function quotedSegment(
  text: string,
  start: number,
): { readonly key: string; readonly end: number } | undefined {
  QUOTED.lastIndex = start;
  const found = QUOTED.exec(text)?.[0];
  if (found === undefined) return undefined;
  try {
    // Stands in double quotes, so whatever parses is a string.
    return { key: JSON.parse(found) as string, end: start + found.length };
  } catch {
    return undefined;
  }
}

function tooLong(limit: string): InvalidArgumentError {
  return new InvalidArgumentError(`invalid metadata key: it has more than ${limit}`);
}
