import { InvalidJsonError } from './invalid-json.error.js';
import { placesIn } from './text-places.js';

const FATAL = { fatal: true, ignoreBOM: true };

/** Decodes strictly: throws an {@link InvalidJsonError} that names the first byte that is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', FATAL).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset));
    const [place] = placesIn(before, [before.length]);
    const message = `The byte at offset ${offset} (${place}) is not valid UTF-8. Send the text encoded in UTF-8.`;
    throw new InvalidJsonError([{ path, code: 'invalid_utf8', message, actual: offset }]);
  }
}

function firstInvalidByte(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const length = sequenceLength(bytes, i);
    if (length === 0) return i;
    i += length;
  }
  return i;
}

/** Bytes of the well-formed sequence at `i` (table 3-7 of the Unicode standard); 0 when there is none. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[i + 1] ?? 0;
  if (second < (SECOND_FROM[first] ?? 0x80) || second > (SECOND_TO[first] ?? 0xbf)) return 0;
  for (let k = i + 2; k < i + length; k += 1) {
    if ((bytes[k] ?? 0) >> 6 !== 0b10) return 0;
  }
  return length;
}

/** Overlong forms begin lower, surrogates and what is above U+10FFFF go on higher. */
const SECOND_FROM: Readonly<Record<number, number>> = { 0xe0: 0xa0, 0xf0: 0x90 };
const SECOND_TO: Readonly<Record<number, number>> = { 0xed: 0x9f, 0xf4: 0x8f };
