import { mapConcurrently } from "../files/map-concurrently.ts";

/**
 * Like `mapConcurrently`, but nothing is running any more when it rejects, so that whoever cleans up then cleans up
 * after everything. After a failure nothing new is begun.
 */
export async function runAll<T>(items: readonly T[], limit: number, work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  await mapConcurrently(items, limit, async (item) => {
    if (failures.length > 0) return;
    await work(item).catch((error: unknown) => {
      failures.push(error);
    });
  });
  if (failures.length > 0) throw failures[0];
}
