import {
  compileSort,
  csvHeader,
  csvRecord,
  DOCUMENT,
  orderBy,
  sql,
  trustedSql,
  writeJson,
} from '../../../metadata/index.js';
import { columnsOf } from '../../search/page.js';
import { readTrialItems, type TrialItem } from '../../search/trial-items.js';
import { TRIAL_SOURCE } from '../../search/trial-source.js';
import { documentOf } from '../item-values.js';
import type { TrialReading } from '../visible-trials.js';
import { csvColumns } from './csv-columns.js';
import type { ExportRequest } from './export-request.js';
import { findLeafPaths } from './find-leaf-paths.js';

/** Trials read at once: at first, and at most. */
const FIRST_BATCH = 100;
const LARGEST_BATCH = 1_000;
/** Characters that a chunk should have; the next batch is sized by the last one. */
const CHUNK_LENGTH = 1024 * 1024;

/**
 * The text of an export, some hundred trials a chunk; at least one chunk, which may be empty. The ids come from a cursor,
 * so that a sort carries no documents; the documents are then read by their ids, in the same snapshot.
 */
export async function* exportChunks(
  request: ExportRequest,
  reading: TrialReading,
): AsyncGenerator<string, void> {
  const { run, tables } = reading;
  const { head, line } = await lineWriter(request, reading);
  // All of the cursor will be read: the plan that is best for its first rows is not wanted.
  await run(trustedSql('SET LOCAL cursor_tuple_fraction = 1'));
  await run(declareCursor(request, reading));
  let text = head;
  for (let size = FIRST_BATCH; ;) {
    const rows = await run<{ id: string }>(trustedSql(`FETCH ${size} FROM "exported"`));
    const ids = rows.map(({ id }) => id);
    for (const item of (await readTrialItems(ids, request.projection, tables, run)).values())
      text += line(item);
    yield text;
    if (rows.length < size) return;
    size = Math.ceil(Math.min(Math.max((size * CHUNK_LENGTH) / (text.length + 1), 1), LARGEST_BATCH));
    text = '';
  }
}

function declareCursor({ sort }: ExportRequest, { matching }: TrialReading) {
  const { from, where } = matching(columnsOf(sort));
  const id = TRIAL_SOURCE.trialId;
  return sql`DECLARE "exported" NO SCROLL CURSOR FOR SELECT ${id}::text AS "id" FROM ${from} WHERE ${where} ORDER BY ${orderBy(compileSort(sort, DOCUMENT), id)}`;
}

interface LineWriter {
  /** What stands before the first trial. */
  readonly head: string;
  readonly line: (item: TrialItem) => string;
}

async function lineWriter(request: ExportRequest, reading: TrialReading): Promise<LineWriter> {
  if (request.format === 'jsonl') return { head: '', line: (item) => `${writeJson(item)}\n` };
  const leaves = request.projection.metadata === 'all' ? await findLeafPaths(reading) : [];
  const columns = csvColumns(request, leaves);
  return {
    head: csvHeader(columns.map(({ header }) => header)),
    line: (item) => {
      const document = documentOf(item);
      return csvRecord(columns.map(({ valueOf }) => valueOf(item, document)));
    },
  };
}
