import { InvalidPathError } from './invalid-path.error.js';
import { isStorableText } from './unstorable.js';

/** Where a field is: the keys from the top level down; at least one. */
export type Path = readonly string[];

const NEEDS_QUOTES = /[\s."[\]]/;

/**
 * The path as text: segments joined by dots; one that is empty or holds a dot, a double quote, white space (`\s`) or a
 * square bracket is written as a JSON string. `['lr.schedule', 'warmup']` gives `"lr.schedule".warmup`.
 */
export function formatPath(path: Path): string {
  return path.map(formatSegment).join('.');
}

function formatSegment(segment: string): string {
  return segment === '' || NEEDS_QUOTES.test(segment) ? JSON.stringify(segment) : segment;
}

/**
 * Reads what {@link formatPath} writes; a segment may be quoted even when it need not be. `place` says where in the
 * request the text stands, for the problem of an {@link InvalidPathError}. NUL and lone surrogates are refused: no key
 * in PostgreSQL holds them.
 */
export function parsePath(text: string, place?: string): Path {
  const path: string[] = [];
  for (let start = 0; ;) {
    const end = segmentEnd(text, start, place);
    const segment = text[start] === '"' ? unquote(text, start, end, place) : text.slice(start, end);
    if (!isStorableText(segment)) {
      const reason =
        'the segment holds NUL or half a surrogate pair, which no stored key can hold. Remove it';
      throw new InvalidPathError(text, start, reason, place);
    }
    path.push(segment);
    if (end === text.length) return path;
    start = end + 1;
  }
}

/** The offset behind the segment: of the dot that follows it, or the end of the text. */
function segmentEnd(text: string, start: number, place: string | undefined): number {
  if (text[start] === '"') return quotedEnd(text, start, place);
  const dot = text.indexOf('.', start);
  const end = dot < 0 ? text.length : dot;
  if (end === start) {
    throw new InvalidPathError(text, start, 'a segment is missing. Write the empty key as ""', place);
  }
  const segment = text.slice(start, end);
  const illegal = segment.search(NEEDS_QUOTES);
  if (illegal >= 0) {
    const character = JSON.stringify(segment[illegal]);
    const quoted = segment.length <= 60 ? `: ${JSON.stringify(segment)}` : '';
    const reason = `the character ${character} needs quotes. Write the segment as a JSON string${quoted}`;
    throw new InvalidPathError(text, start + illegal, reason, place);
  }
  return end;
}

function quotedEnd(text: string, start: number, place: string | undefined): number {
  let end = start + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) {
    throw new InvalidPathError(text, start, 'the quoted segment does not end. Close it with "', place);
  }
  end += 1;
  if (end < text.length && text[end] !== '.') {
    throw new InvalidPathError(text, end, 'a dot must follow a quoted segment', place);
  }
  return end;
}

function unquote(text: string, start: number, end: number, place: string | undefined): string {
  try {
    // The slice stands in double quotes, so whatever parses is a string.
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    const reason =
      'the quoted segment is no JSON string. Escape a double quote as \\", a backslash as \\\\, a line break as \\n';
    throw new InvalidPathError(text, start, reason, place);
  }
}
