import { everyItem } from "@resolve/sdk";

const pageMax = 100;

/** The query of a page with at most `limit` items. */
export const pageAfter = (cursor: string | undefined, limit = pageMax) => ({
  limit: Math.min(limit, pageMax),
  ...(cursor ? { cursor } : {}),
});

/** Shows the first `limit` items of a list, which it reads page by page. */
export async function showFirst<T>(
  limit: number,
  read: (query: ReturnType<typeof pageAfter>) => Promise<{ data: T[]; nextCursor: string | null }>,
  show: (item: T) => void,
): Promise<void> {
  let left = limit;
  for await (const item of everyItem((cursor) => read(pageAfter(cursor, left)))) {
    show(item);
    left -= 1;
    if (left === 0) break;
  }
}
