import type { KnownField } from '../api/metadata.js';
import { searchTrials } from '../api/search.js';
import { formatPath, jsonTypeOf, leafFields, type JsonValue } from '../shared/metadata.js';

/** As many documents are read whole; the fields of an experiment's trials are mostly the same. */
const SAMPLE = 10;

/**
 * The fields of the newest trials that meet a filter, with the number of these that hold them.
 * @param archived whether archived trials are among them
 */
export async function heldFields(
  filter: JsonValue,
  archived: boolean,
  signal: AbortSignal,
): Promise<readonly KnownField[]> {
  const { items } = await searchTrials(
    {
      projectId: undefined,
      filter,
      sort: [{ field: 'trial.id', direction: 'desc', as: 'json' }],
      fields: ['metadata'],
      archived,
      limit: SAMPLE,
      count: 'none',
    },
    signal,
  );
  const fields = new Map<string, KnownField>();
  for (const { metadata } of items) {
    for (const { path: segments, value } of leafFields(metadata)) {
      const path = formatPath(segments);
      const { types, trials } = fields.get(path) ?? { types: [jsonTypeOf(value)], trials: 0 };
      fields.set(path, { path, types, trials: trials + 1 });
    }
  }
  return [...fields.values()];
}
