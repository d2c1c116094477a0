import { checkPageSize, type CursorCodec } from '../../metadata/index.js';

/** A list that goes by id, and what the query string asks of it. */
export interface ListById<Row> {
  readonly cursors: CursorCodec;
  /** What the list is of: a cursor is good for no other. */
  readonly query: string;
  /** Rows on a page: 1 to 200, 40 when nothing is said. */
  readonly limit: number | undefined;
  /** Where a page before it has ended. */
  readonly after: string | undefined;
  readonly idOf: (row: Row) => number;
  /** The first rows behind an id, in the order of their ids. */
  readonly read: (afterId: number, limit: number) => Promise<readonly Row[]>;
}

/** One page of a list. @throws InvalidRequestError for a limit or a cursor that is none */
export async function pageById<Row>(
  list: ListById<Row>,
): Promise<{ readonly items: readonly Row[]; readonly next: string | null }> {
  const { cursors, query, after, idOf, read } = list;
  const limit = checkPageSize(list.limit);
  const afterId = after === undefined ? 0 : Number(cursors.decode(after, query).id);
  // One more than asked for tells whether there is a next page.
  const found = await read(afterId, limit + 1);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  const next = last === undefined ? null : cursors.encode({ id: String(idOf(last)), values: [] }, query);
  return { items, next };
}
