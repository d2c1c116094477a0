import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A line that the master refused. */
export interface RefusedLine {
  readonly line: number;
  readonly reason: string;
}

/** What the master tells while it imports; see the import's route in the API. */
export type ImportEvent =
  | ({ readonly kind: 'refused' } & RefusedLine)
  | { readonly kind: 'progress'; readonly trials: number }
  | { readonly kind: 'done'; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: 'failed'; readonly reason: string };

/** Reads the master's answer, one JSON object a line. */
export async function* importEvents(answer: Readable): AsyncGenerator<ImportEvent> {
  for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    const event = eventOf(JSON.parse(line) as unknown);
    if (event) yield event;
  }
}

function eventOf(value: unknown): ImportEvent | undefined {
  const { line, error, progress, done } = asRecord(value);
  if (typeof line === 'number') return { kind: 'refused', line, reason: reasonOf(error) };
  if (error !== undefined) return { kind: 'failed', reason: reasonOf(error) };
  if (progress !== undefined) return { kind: 'progress', trials: Number(asRecord(progress)['trials'] ?? 0) };
  if (done === undefined) return undefined;
  const counts = Object.entries(asRecord(done)).map(([name, count]): [string, number] => [
    name,
    Number(count),
  ]);
  return { kind: 'done', counts: Object.fromEntries(counts) };
}

function reasonOf(error: unknown): string {
  const { detail, title } = asRecord(error);
  return typeof detail === 'string'
    ? detail
    : typeof title === 'string'
      ? title
      : 'the master does not say why';
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
