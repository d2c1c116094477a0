import type { Field, Sort, SortKey } from '../metadata/index.js';
import { InvalidArgumentError } from './determined.errors.js';
import { isMetadataColumn, parseMetadataColumn } from './flat-key.js';
import { isAbsentName, runColumn } from './run-columns.js';

const MAX_KEYS = 20;

/**
 * Reads Determined's sort, `metadata.a.b=desc,id=asc`. Values compare in jsonb order, missing ones come last in both
 * directions; a column that runs of ours do not have orders nothing.
 * @throws InvalidArgumentError naming the part that is wrong
 */
export function parseRunSort(text: string): Sort {
  const parts = splitOutsideQuotes(text);
  if (parts.length > MAX_KEYS)
    throw new InvalidArgumentError(`invalid sort parameter: more than ${MAX_KEYS} columns`);
  return parts.flatMap(parsePart);
}

function parsePart(part: string): readonly SortKey[] {
  const equals = part.lastIndexOf('=');
  const [name, direction] = [part.slice(0, equals), part.slice(equals + 1)];
  const isPair = equals >= 0 && (isMetadataColumn(name) || !name.includes('='));
  if (!isPair) throw new InvalidArgumentError(`invalid sort parameter: ${part}`);
  if (direction !== 'asc' && direction !== 'desc') {
    throw new InvalidArgumentError(`invalid sort direction: ${direction}`);
  }
  const field = fieldOf(name);
  return field === undefined ? [] : [{ field, direction, as: 'json' }];
}

function fieldOf(name: string): Field | undefined {
  if (isMetadataColumn(name)) return { kind: 'metadata', path: parseMetadataColumn(name) };
  const column = runColumn(name, 'LOCATION_TYPE_RUN');
  if (column === 'absent' || (column === undefined && isAbsentName(name))) return undefined;
  if (column === undefined) throw new InvalidArgumentError(`invalid sort col: ${name}`);
  return { kind: 'column', column };
}

/** A part ends at a comma that is in no quoted segment; such a segment begins after a dot. */
function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === ',') {
      parts.push(text.slice(start, index));
      start = index + 1;
    } else if (text[index] === '"' && text[index - 1] === '.') index = quoteEnd(text, index);
  }
  return [...parts, text.slice(start)];
}

/** The offset of the closing quote; the opening one's when nothing closes it. */
function quoteEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '"') return index;
  }
  return start;
}
