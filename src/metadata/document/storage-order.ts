import { compareText } from './compare-text.js';
import { type JsonObject, type JsonValue } from './json-value.js';

/** The members in the order in which jsonb stores them: by the key's length in bytes, then by its bytes. */
export function membersInStorageOrder(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Array.from(object, (member) => ({ member, bytes: Buffer.byteLength(member[0]) }))
    .sort((a, b) => a.bytes - b.bytes || compareText(a.member[0], b.member[0]))
    .map(({ member }) => member);
}
