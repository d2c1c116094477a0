import type { Page } from './api-types.js';

/** Every item of a list, page by page: the next page is asked for when the items of the one before have been taken. */
export async function* eachItem<Item>(
  pageAfter: (after: string | undefined) => Promise<Page<Item>>,
  after?: string,
): AsyncGenerator<Item, void, undefined> {
  for (let cursor = after; ;) {
    const { items, next } = await pageAfter(cursor);
    yield* items;
    if (next === null) return;
    cursor = next;
  }
}
