import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonType,
  type JsonValue,
} from '../shared/metadata.js';
import { readList, readNumber, readNumberOrNull, readObject, readText, readTexts } from './read.js';
import { request } from './request.js';
import { readTrialRow, type TrialRow } from './trial.js';

/** Which trials are compared: these, or those that a filter finds. */
export interface ComparedSet {
  readonly trialIds?: readonly number[] | undefined;
  readonly filter?: JsonValue | undefined;
  readonly projectId?: number | undefined;
  readonly archived?: boolean | undefined;
}

/** A field with its value in each trial. */
export interface ComparedField {
  readonly field: string;
  /** Whether any two trials hold different values, or only some hold one. */
  readonly differs: boolean;
  readonly values: ReadonlyMap<number, ComparedValue>;
}

export interface ComparedValue {
  /** Undefined where the trial has none. */
  readonly value: JsonValue | undefined;
  /** Whether it differs from the baseline's; false without a baseline. */
  readonly differs: boolean;
}

/** How a field varies over many trials. */
export interface FieldSummary {
  readonly field: string;
  readonly differs: boolean;
  readonly trials: number;
  readonly missing: number;
  readonly distinct: number;
  readonly types: readonly JsonType[];
}

export type Comparison =
  | {
      readonly kind: 'values';
      readonly trials: readonly TrialRow[];
      readonly fields: readonly ComparedField[];
      readonly truncated: boolean;
    }
  | {
      readonly kind: 'summary';
      readonly trials: number;
      readonly fields: readonly FieldSummary[];
      readonly truncated: boolean;
    };

export interface CompareOptions {
  readonly baseline?: number | undefined;
  readonly summary?: boolean;
}

/** Compares up to 200 trials field by field; of more of them, or when asked to, it answers a summary. */
export async function compareTrials(
  set: ComparedSet,
  options: CompareOptions,
  signal?: AbortSignal,
): Promise<Comparison> {
  const body = {
    ...(set.trialIds === undefined
      ? { filter: set.filter ?? undefined, projectId: set.projectId, archived: set.archived }
      : { trialIds: set.trialIds }),
    baseline: options.baseline,
    summary: options.summary === true ? true : undefined,
  };
  const answer = readObject(
    await request({ method: 'POST', path: '/trials/compare', body, signal }),
    'comparison',
  );
  const summary = answer.get('summary');
  if (isJsonObject(summary)) {
    return {
      kind: 'summary',
      trials: readNumber(summary.get('trials'), 'summary.trials'),
      fields: readList(summary.get('fields'), 'summary.fields').map(readSummary),
      truncated: summary.get('truncated') === true,
    };
  }
  return {
    kind: 'values',
    trials: readList(answer.get('trials'), 'trials').map(readTrialRow),
    fields: readList(answer.get('fields'), 'fields').map(readField),
    truncated: answer.get('truncated') === true,
  };
}

function readField(value: JsonValue): ComparedField {
  const field = readObject(value, 'field');
  return {
    field: readText(field.get('field'), 'field.field'),
    differs: field.get('differs') === true,
    values: new Map(
      readList(field.get('values'), 'field.values').map((entry) => readValue(readObject(entry, 'value'))),
    ),
  };
}

function readValue(entry: JsonObject): [number, ComparedValue] {
  const id = readNumber(entry.get('trialId'), 'value.trialId');
  return [
    id,
    {
      value: entry.get('missing') === true ? undefined : entry.get('value'),
      differs: entry.get('differs') === true,
    },
  ];
}

function readSummary(value: JsonValue): FieldSummary {
  const field = readObject(value, 'field');
  const types = field.get('types');
  return {
    field: readText(field.get('field'), 'field.field'),
    differs: field.get('differs') === true,
    trials: readNumberOrNull(field.get('trials')) ?? 0,
    missing: readNumberOrNull(field.get('missing')) ?? 0,
    distinct: readNumberOrNull(field.get('distinct')) ?? 0,
    // The server's words for types are those of JSON.
    types: isJsonArray(types) ? (readTexts(types) as readonly JsonType[]) : [],
  };
}
