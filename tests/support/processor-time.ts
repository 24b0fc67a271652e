/** Tells how long this process has computed since, in milliseconds: whatever else the machine does is not counted. */
export function processorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
}
