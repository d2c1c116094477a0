import type { ComparedField } from '../api/compare.js';
import { cut, plainText } from '../grid/format.js';
import { fitNumber } from '../grid/fit-number.js';
import { canonicalJson } from '../shared/canonical-json.js';
import { JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';
import { excerpt } from './excerpt.js';

/** What the cell of a trial shows in so many digits' room; undefined where its value's own text will do. */
type ShownText = (trialId: number, room: number) => string | undefined;

/** Letters may be wider than digits. */
const LETTERS = 0.85;

/**
 * Has different values of a field read differently: of those that would look the same in their cells it shows the part
 * that differs, and quotes around the text "8" where the number 8 is there too.
 */
export function tellApart(field: ComparedField): ShownText {
  if (!field.differs) return () => undefined;
  const byRoom = new Map<number, ReadonlyMap<string, string>>();
  const canonical = new Map<number, string>();
  const read = (): void => {
    for (const [id, { value }] of field.values)
      if (value !== undefined) canonical.set(id, canonicalJson(value));
  };
  return (trialId, room) => {
    // Only of fields that come into view.
    if (canonical.size === 0) read();
    const texts = byRoom.get(room) ?? textsOf(field, canonical, room);
    byRoom.set(room, texts);
    return texts.get(canonical.get(trialId) ?? '');
  };
}

/** By canonical text, of the values that look like another one. */
function textsOf(
  field: ComparedField,
  canonical: ReadonlyMap<number, string>,
  room: number,
): ReadonlyMap<string, string> {
  const distinct = new Map<string, JsonValue>();
  for (const [id, { value }] of field.values)
    if (value !== undefined) distinct.set(canonical.get(id) ?? '', value);
  const alike = new Map<string, [key: string, value: JsonValue][]>();
  for (const entry of distinct) {
    const shown = visible(entry[1], room);
    alike.set(shown, [...(alike.get(shown) ?? []), entry]);
  }
  return new Map([...alike.values()].flatMap((group) => (group.length > 1 ? differences(group, room) : [])));
}

/** What can be seen of a value; blanks at its ends cannot. */
function visible(value: JsonValue, room: number): string {
  if (value instanceof JsonNumber) return fitNumber(value, room);
  return cut(whole(value), Math.floor(room * LETTERS)).trim();
}

function differences(
  group: readonly (readonly [key: string, value: JsonValue])[],
  room: number,
): readonly (readonly [string, string])[] {
  const quoted = new Set(group.map(([, value]) => whole(value).trim())).size < group.length;
  const texts = group
    .map(([key, value]) => ({
      key,
      text: quoted && typeof value === 'string' ? writeJson(value) : whole(value),
    }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  const space = Math.floor(room * (group.every(([, value]) => value instanceof JsonNumber) ? 1 : LETTERS));
  // In this order each text has most in common with one of its neighbours.
  return texts.map(({ key, text }, index) => {
    const at = Math.max(common(text, texts[index - 1]?.text), common(text, texts[index + 1]?.text));
    return [key, excerpt(text, at, space)];
  });
}

function whole(value: JsonValue): string {
  return plainText(value, Number.MAX_SAFE_INTEGER);
}

/** How many characters two texts begin with in common. */
function common(text: string, other = ''): number {
  let length = 0;
  while (length < text.length && text.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}
