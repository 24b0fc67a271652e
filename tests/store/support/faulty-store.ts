import type { ObjectStore } from "../../../src/model/ports/object-store.ts";

/** When the hook runs: before the call has any effect, or after it had its effect and before the caller hears of it. */
export type Moment = "before" | "after";

export interface StoreCall {
  /** Counts calls from 1. */
  readonly number: number;
  readonly method: "create" | "read" | "open" | "list" | "listFolders" | "delete" | "sweep";
  readonly key: string;
}

/** A store whose every call can be stopped, delayed or made to fail: what `hook` throws, the caller gets. */
export function faultyStore(
  objects: ObjectStore,
  hook: (call: StoreCall, moment: Moment) => Promise<void> | void,
): ObjectStore {
  let number = 0;
  const watched = async <T>(method: StoreCall["method"], key: string, work: () => Promise<T>): Promise<T> => {
    const call = { number: ++number, method, key };
    await hook(call, "before");
    const result = await work();
    await hook(call, "after");
    return result;
  };
  return {
    location: objects.location,
    create: (key, body, options) => watched("create", key, () => objects.create(key, body, options)),
    read: (key) => watched("read", key, () => objects.read(key)),
    open: (key) => watched("open", key, () => objects.open(key)),
    list: (prefix, options) => watched("list", prefix, () => objects.list(prefix, options)),
    listFolders: (prefix) => watched("listFolders", prefix, () => objects.listFolders(prefix)),
    delete: (key) => watched("delete", key, () => objects.delete(key)),
    sweep: (olderThanMs) => watched("sweep", "", async () => (await objects.sweep?.(olderThanMs)) ?? 0),
  };
}

/** A store whose client sends every create again after losing the first reply: what was created reads as taken. */
export function forgetfulStore(objects: ObjectStore): ObjectStore {
  return {
    ...objects,
    create: async (key, body, options) => {
      await objects.create(key, body, options);
      return objects.create(key, body, options);
    },
  };
}
