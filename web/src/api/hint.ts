import { isJsonArray, isJsonObject, type JsonValue } from '../shared/metadata.js';
import { readTextOrNull } from './read.js';

/** Why a condition may be the reason that nothing matched. */
export interface Hint {
  /** As it is in the filter. */
  readonly condition: JsonValue;
  /** In the server's words. */
  readonly message: string;
  /** Conditions that may be meant instead, the likeliest first. */
  readonly alternatives: readonly JsonValue[];
}

/** A hint of a search; null for one that this page does not know. */
export function readHint(value: JsonValue): Hint | null {
  if (!isJsonObject(value)) return null;
  const condition = value.get('condition');
  const alternatives = value.get('alternatives');
  if (condition === undefined || !isJsonObject(condition)) return null;
  return {
    condition,
    message: readTextOrNull(value.get('message')) ?? '',
    alternatives: isJsonArray(alternatives) ? alternatives.filter(isJsonObject) : [],
  };
}
