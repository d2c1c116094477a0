import type { SearchParameters } from './view.js';

/** The parameters of an address; each is text, and the last of a name counts. */
export function parseSearch(text: string): SearchParameters {
  return Object.fromEntries(new URLSearchParams(text));
}

/** The text of parameters; what a query may hold as it is stays readable. */
export function stringifySearch(parameters: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(parameters)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

// Left as they are: characters that RFC 3986 allows in a query and that mean nothing to URLSearchParams.
const READABLE = /%(?:2C|3A|2F|40|3B|5B|5D|7B|7D)/g;

function encode(text: string): string {
  return encodeURIComponent(text).replace(READABLE, decodeURIComponent);
}
