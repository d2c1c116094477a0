import {
  equalJson,
  formatPath,
  leafFields,
  type Column,
  type JsonObject,
  type JsonValue,
  type Path,
} from '../../../metadata/index.js';
import { comparePaths, valueIn } from '../document-paths.js';
import { MAX_FIELDS, type FieldsOf } from './compared-fields.js';

/** A trial to compare, with what it holds. */
export interface ComparedTrial {
  readonly id: number;
  readonly document: JsonObject;
  /** The values of the columns asked for; undefined where it has none. */
  readonly columns: ReadonlyMap<Column, JsonValue | undefined>;
}

/** What one trial holds at a field: a value, null counting as one, or nothing. */
export type TrialValue = { readonly trialId: number; readonly differs?: boolean } & (
  { readonly value: JsonValue } | { readonly missing: true }
);

/** A field with its value in each trial, in the order of the trials. */
export interface ComparedField {
  /** As a filter names it, e.g. `metadata.hardware.gpu`. */
  readonly field: string;
  /** Whether any two trials hold different values, or only some hold one. Equal as JSON: 1 and 1.0 do not differ. */
  readonly differs: boolean;
  /** With a baseline, each says whether it `differs` from the baseline's. */
  readonly values: readonly TrialValue[];
}

export interface CompareOptions {
  readonly columns: readonly Column[];
  /** Fields to list even when no trial holds them. */
  readonly paths: readonly Path[];
  readonly baseline: number | undefined;
  readonly onlyDifferences: boolean;
}

/**
 * Compares trials field by field: columns first, then every path at which one of the trials holds a scalar, a list or
 * an empty object, in the order of the paths. Where another trial holds an object at such a path, that is its value.
 */
export function compareValues(
  trials: readonly ComparedTrial[],
  options: CompareOptions,
): FieldsOf<ComparedField> {
  const { baseline, onlyDifferences } = options;
  const fields: ComparedField[] = [];
  for (const { name, valueOf } of fieldsOf(trials, options)) {
    const values = trials.map((trial) => ({ trialId: trial.id, value: valueOf(trial) }));
    const differs = values.some(({ value }) => !same(value, values[0]?.value));
    if (onlyDifferences && !differs) continue;
    if (fields.length === MAX_FIELDS) return { fields, truncated: true };
    const base = values.find(({ trialId }) => trialId === baseline);
    fields.push({
      field: name,
      differs,
      values: values.map(({ trialId, value }) => ({
        trialId,
        ...(value === undefined ? { missing: true } : { value }),
        ...(base === undefined ? {} : { differs: !same(value, base.value) }),
      })),
    });
  }
  return { fields, truncated: false };
}

interface NamedField {
  readonly name: string;
  readonly valueOf: (trial: ComparedTrial) => JsonValue | undefined;
}

function* fieldsOf(trials: readonly ComparedTrial[], options: CompareOptions): Generator<NamedField> {
  for (const column of options.columns) {
    yield { name: column.name, valueOf: ({ columns }) => columns.get(column) };
  }
  const paths = new Map<string, Path>();
  for (const { document } of trials) {
    for (const { path } of leafFields(document)) paths.set(formatPath(path), path);
  }
  for (const path of options.paths) {
    const found = trials.some(({ document }) => valueIn(document, path) !== undefined);
    if (!found) paths.set(formatPath(path), path);
  }
  const inOrder = [...paths].sort(([, a], [, b]) => comparePaths(a, b));
  for (const [text, path] of inOrder) {
    yield { name: `metadata.${text}`, valueOf: ({ document }) => valueIn(document, path) };
  }
}

function same(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}
