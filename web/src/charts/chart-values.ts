import type { TrialGroup } from '../api/aggregate.js';
import type { TrialRow } from '../api/trial.js';
import { gridColumn } from '../grid/column.js';
import { plainText } from '../grid/format.js';
import { trialMember } from '../trials/trial-table.js';
import { JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';

/** Reads a field of a trial. */
export function reader(field: string): (row: TrialRow) => JsonValue | undefined {
  return gridColumn(field, trialMember).read;
}

/** A number that can be drawn; null for everything else. */
export function drawable(value: JsonValue | undefined): number | null {
  if (!(value instanceof JsonNumber)) return null;
  const number = value.toNumber();
  return Number.isFinite(number) ? number : null;
}

/** The name of a group; text in quotes only where a number of the same look may stand beside it. */
export function groupName(value: JsonValue | undefined): string {
  if (value === undefined) return '(no value)';
  if (value === '') return '(empty text)';
  return plainText(value, 60);
}

/** The same text for values that make one group. */
export function groupKey(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return writeJson(value);
}

/** What a group has in common; undefined for the trials that do not have the field. */
export function groupValue(group: TrialGroup, by: string): JsonValue | undefined {
  return group.missing.includes(by) ? undefined : (group.key.get(by) ?? null);
}

/** How many numbers of a group were measured. */
export function numbersOf({ values }: TrialGroup): number {
  return values.get('count')?.toNumber() ?? 0;
}

/** The address's parameters of the trials of a group. */
export function groupSearch(projectId: number | undefined, filter: JsonValue): Record<string, string> {
  return { ...(projectId === undefined ? {} : { project: String(projectId) }), filter: writeJson(filter) };
}
