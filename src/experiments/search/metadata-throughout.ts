import { conditionsOf, needsDocument, sql, type RunSql } from '../../metadata/index.js';
import { isOfDocument, type Wanted } from './trial-walk.js';

/**
 * Whether a filter that trials without metadata may meet need not be asked of any, since there are none: a document can then be
 * tested before its trial is looked up, where else all trials are joined with all documents. Two counts tell so, each from a
 * primary key: a tenth of what that join takes. False where nothing is gained by it, or where a column or the projects may
 * narrow the search down to few trials.
 * @param run within one transaction with the search
 */
export async function hasMetadataThroughout(
  { filter, experiments, tables }: Wanted,
  run: RunSql,
): Promise<boolean> {
  const isOfMetadata = isOfDocument(filter) && !conditionsOf(filter).next().done;
  if (!isOfMetadata || experiments !== undefined || needsDocument(filter)) return false;
  const [counted] = await run<{ throughout: boolean }>(
    sql`SELECT "trial"."count" = "document"."count" AS "throughout"
      FROM (SELECT count(*) FROM "trials") AS "trial", (SELECT count(*) FROM ${tables.metadata}) AS "document"`,
  );
  return counted?.throughout === true;
}
