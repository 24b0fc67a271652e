import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { ObjectStore } from "../model/ports/object-store.ts";

/** What every part of the model store works with. */
export interface StoreContext {
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Who publishes, for people: host, process, user. Kept in claims and alias entries. */
  readonly publisher: string;
  /** A text that no other publication has; it tells one's own write from another's when a reply was lost. */
  readonly newNonce: () => string;
}
