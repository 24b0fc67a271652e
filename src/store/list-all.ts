import type { ListedObject, ObjectStore } from "../model/ports/object-store.ts";

const PAGE = 1000;

/** All objects below a prefix, page by page: the next page is asked for when the last one is used up. */
export async function* listAll(objects: ObjectStore, prefix: string, page = PAGE): AsyncGenerator<ListedObject> {
  for (let after: string | undefined; ;) {
    const listed = await objects.list(prefix, { after, limit: page });
    yield* listed;
    if (listed.length < page) return;
    after = listed.at(-1)?.key;
  }
}
