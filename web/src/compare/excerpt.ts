import { cut, ELLIPSIS_ROOM } from '../grid/format.js';

/** With less room there is no place for the beginning beside the part that is looked for. */
const ROOM_FOR_HEAD = 16;

/**
 * A text in as many digits' room as there is, with the one at `at` among them: its beginning, what is around
 * `at`, and `…` for what is left out.
 */
export function excerpt(text: string, at: number, room: number): string {
  if (text.length <= room) return text;
  const head = room < ROOM_FOR_HEAD ? 0 : Math.floor(room / 4);
  const tail = Math.max(1, room - head - 2 * ELLIPSIS_ROOM);
  const start = Math.min(at - Math.floor(tail / 2), text.length - tail);
  if (start <= head) return `${cut(text, Math.max(1, room - ELLIPSIS_ROOM))}…`;
  // What is left of the text is shown where it takes no more room than the sign of it.
  const isRest = text.length - start - tail > ELLIPSIS_ROOM;
  const shown = wellFormed(text.slice(start, isRest ? start + tail : undefined));
  return `${cut(text, head)}…${isRest ? `${cut(shown, shown.length)}…` : shown}`;
}

/** Without the second half of a character that was torn apart. */
function wellFormed(text: string): string {
  const first = text.charCodeAt(0);
  return first >= 0xdc00 && first <= 0xdfff ? text.slice(1) : text;
}
