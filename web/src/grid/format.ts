import { JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const COUNT = new Intl.NumberFormat('en-US');

/** A count with separators: `1,948`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** An instant in the reader's time zone; text that is none stays as it is. */
export function formatInstant(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : DATE_TIME.format(date);
}

/** Seconds as people say them: `45 s`, `11 min 26 s`, `3 h 4 min`, `2 d 3 h`. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return String(seconds);
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [days, hours, minutes, rest] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return `${minutes} min ${rest} s`;
}

/** A value as one line of text: strings bare, the rest as JSON; cut at `limit` characters. */
export function plainText(value: JsonValue, limit = 300): string {
  const text =
    typeof value === 'string' ? value : value instanceof JsonNumber ? value.text : writeJson(value);
  return text.length > limit ? `${cut(text, limit)}…` : text;
}

/** The first characters, none of them torn apart. */
export function cut(text: string, limit: number): string {
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
