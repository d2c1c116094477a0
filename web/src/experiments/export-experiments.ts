import type { ExportFormat } from '../api/export.js';
import { searchExperiments, type Search } from '../api/search.js';
import type { ExperimentRow } from '../api/trial.js';
import { isMetadataField } from '../fields/metadata-field.js';
import { gridColumn } from '../grid/column.js';
import { csvHeader, csvRecord, JsonNumber, writeJson, type JsonValue } from '../shared/metadata.js';
import { experimentMember } from './experiment-table.js';

/** The server gives no more at once. */
const PAGE_SIZE = 200;

const TYPES = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;

/** A column of the file. */
interface Column {
  readonly header: string;
  readonly read: (row: ExperimentRow) => JsonValue | undefined;
}

/**
 * Every matching experiment as a file, read page by page: as lines of JSON as the search answers them, or as CSV with the
 * ids, the fields of the search, and how many trials there are; metadata is that of the best matching trial.
 */
export async function exportExperiments(search: Search, format: ExportFormat): Promise<Blob> {
  const columns = columnsOf(search.fields ?? []);
  const parts = format === 'csv' ? [csvHeader(columns.map(({ header }) => header))] : [];
  for (let after: string | null = null, more = true; more;) {
    const page = await searchExperiments({ ...search, limit: PAGE_SIZE, after, count: 'none' });
    for (const row of page.items) {
      parts.push(
        format === 'csv' ? csvRecord(columns.map(({ read }) => read(row))) : `${writeJson(row.item)}\n`,
      );
    }
    after = page.next;
    more = after !== null;
  }
  return new Blob(parts, { type: TYPES[format] });
}

function columnsOf(fields: readonly string[]): readonly Column[] {
  const asked = fields.map((field) => ({
    header: isMetadataField(field) ? field : (experimentMember(field) ?? field),
    read: gridColumn(field, experimentMember).read,
  }));
  const all: readonly Column[] = [
    member('id'),
    member('projectId'),
    ...asked,
    member('matchingTrials'),
    member('trialCount'),
    { header: 'trialId', read: ({ trialId }) => numberOf(trialId) },
  ];
  return [...new Map([...all].reverse().map((column) => [column.header, column])).values()].reverse();
}

function member(name: string): Column {
  return { header: name, read: ({ item }) => item.get(name) };
}

function numberOf(value: number | null): JsonValue | undefined {
  return value === null ? undefined : new JsonNumber(String(value));
}
