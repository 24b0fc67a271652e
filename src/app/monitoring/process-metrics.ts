import type { MetricFamily } from "../../model/ports/metrics.ts";

/** What the server's own process takes, and which build it is. */
export function processMetrics(toolVersion: string): readonly MetricFamily[] {
  const { user, system } = process.cpuUsage();
  const startS = (performance.timeOrigin / 1000).toFixed(3);
  return [
    {
      ...{ name: "modelwright_build_info", type: "gauge", help: "Always 1; the labels say which build this is." },
      samples: [{ labels: { version: toolVersion, node: process.versions.node }, value: 1 }],
    },
    single("process_start_time_seconds", "gauge", "When the server's process began.", Number(startS)),
    single(
      "process_cpu_seconds_total",
      "counter",
      "Processor time of the server's own process.",
      (user + system) / 1e6,
    ),
    single(
      "process_resident_memory_bytes",
      "gauge",
      "Memory of the server's own process; workers are processes of their own.",
      process.memoryUsage.rss(),
    ),
  ];
}

function single(name: string, type: MetricFamily["type"], help: string, value: number): MetricFamily {
  return { name, type, help, samples: [{ labels: {}, value }] };
}
