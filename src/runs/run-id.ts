import { randomInt } from "node:crypto";

const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

/**
 * A new id such as `20261121-101500-3e70cd` (UTC). Ids sort by time to the millisecond, which stands in the first
 * three digits at the end; the last three are random.
 */
export function newRunId(now: Date): string {
  const [day = "", time = ""] = now.toISOString().split("T");
  const suffix = (now.getUTCMilliseconds() << 12) | randomInt(0x1000);
  return `${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}-${suffix.toString(16).padStart(6, "0")}`;
}

/** True for what `newRunId` makes: other folders are not runs. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}
