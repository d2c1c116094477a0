import { metadataField, pathOf } from '../fields/metadata-field.js';
import { isField } from '../fields/metadata-field.js';
import type { SortLevel } from '../api/search.js';

/**
 * Lists in an address, in the syntax of the API's query string: fields between commas, `-` before a descending sort
 * key, `:number` or `:text` after one. A key with a comma or colon is written as a JSON string, which a path allows.
 */
export function joinFields(fields: readonly string[]): string {
  return fields.map(token).join(',');
}

export function splitFields(text: string): readonly string[] {
  return splitOutsideQuotes(text).map(untoken).filter(isField);
}

export function joinSort(sort: readonly SortLevel[]): string {
  return sort
    .map(
      ({ field, direction, as }) =>
        `${direction === 'desc' ? '-' : ''}${token(field)}${as === 'json' ? '' : `:${as}`}`,
    )
    .join(',');
}

export function splitSort(text: string): readonly SortLevel[] {
  return splitOutsideQuotes(text).flatMap((part): readonly SortLevel[] => {
    const descending = part.startsWith('-');
    const [, name = '', as] =
      /^(.*?)(?::(json|number|text))?$/s.exec(descending ? part.slice(1) : part) ?? [];
    const field = untoken(name);
    if (!isField(field)) return [];
    return [
      { field, direction: descending ? 'desc' : 'asc', as: as === 'number' || as === 'text' ? as : 'json' },
    ];
  });
}

/** Column widths in pixels by field. */
export function joinWidths(widths: Readonly<Record<string, number>>): string {
  return Object.entries(widths)
    .map(([field, width]) => `${token(field)}:${Math.round(width)}`)
    .join(',');
}

export function splitWidths(text: string): Readonly<Record<string, number>> {
  const entries = splitOutsideQuotes(text).flatMap((part): [string, number][] => {
    const [, name = '', width = ''] = /^(.*):([0-9]{1,4})$/s.exec(part) ?? [];
    return width === '' ? [] : [[untoken(name), Number(width)]];
  });
  return Object.fromEntries(entries);
}

function token(field: string): string {
  const path = /[,:]/.test(field) ? pathOf(field) : null;
  return path === null ? field : `metadata.${path.map((segment) => JSON.stringify(segment)).join('.')}`;
}

function untoken(text: string): string {
  const path = pathOf(text);
  return path === null ? text : metadataField(path);
}

function splitOutsideQuotes(text: string): readonly string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/gs);
  return parts ?? [];
}
