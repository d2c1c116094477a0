import { conditionsOf, needsDocument, sql, type RunSql } from '../../metadata/index.js';
import type { Wanted } from './trial-walk.js';

/**
 * Whether a filter that trials without metadata may meet need not be asked of any, since there are none: a document can then be
 * tested before its trial is looked up, where else all trials are joined with all documents. Two counts tell so, each from a
 * primary key: a tenth of what that join takes. False where nothing is gained by it.
 * @param run within one transaction with the search
 */
export async function hasMetadataThroughout({ filter, tables }: Wanted, run: RunSql): Promise<boolean> {
  const asksForMetadata = [...conditionsOf(filter)].some(({ field }) => field.kind === 'metadata');
  if (!asksForMetadata || needsDocument(filter)) return false;
  const [counted] = await run<{ throughout: boolean }>(
    sql`SELECT "trial"."count" = "document"."count" AS "throughout"
      FROM (SELECT count(*) FROM "trials") AS "trial", (SELECT count(*) FROM ${tables.metadata}) AS "document"`,
  );
  return counted?.throughout === true;
}
