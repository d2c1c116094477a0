import type { ComparedField } from '../api/compare.js';
import { canonicalJson } from '../shared/canonical-json.js';

type Marked = (field: ComparedField | undefined, trialId: number) => boolean;

/**
 * Which values are marked: against a baseline those that differ from it; without one those that differ from the most
 * common value of their field, which is all of them where several are equally common.
 */
export function marker(fields: readonly ComparedField[], baseline: number | undefined): Marked {
  const usual = new Map(fields.map((field) => [field, mostCommon(field)]));
  return (field, trialId) => {
    if (field === undefined || !field.differs) return false;
    if (baseline !== undefined) return field.values.get(trialId)?.differs === true;
    return textAt(field, trialId) !== usual.get(field);
  };
}

/** The text of the value that more trials have than any other; null when there is no such value. */
function mostCommon(field: ComparedField): string | null {
  const counts = new Map<string, number>();
  for (const id of field.values.keys()) {
    const text = textAt(field, id);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const most = Math.max(...counts.values());
  const [first = null, ...others] = [...counts].flatMap(([text, count]) => (count === most ? [text] : []));
  return others.length === 0 ? first : null;
}

/** The same for equal values; empty where the trial has none. */
function textAt(field: ComparedField, trialId: number): string {
  const value = field.values.get(trialId)?.value;
  return value === undefined ? '' : canonicalJson(value);
}
