import type { JsonObject } from "../../src/kernel/json.ts";
import type { Log, LogLevel } from "../../src/kernel/log.ts";

export interface LoggedEvent {
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: JsonObject;
}

/** A log that keeps what it is given. */
export function collectedLog(): { readonly log: Log; readonly events: LoggedEvent[] } {
  const events: LoggedEvent[] = [];
  return { log: (level, event, fields = {}) => void events.push({ level, event, fields }), events };
}
