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
    {
      ...{ name: "process_start_time_seconds", type: "gauge", help: "When the server's process began." },
      samples: single(Number(startS)),
    },
    {
      ...{ name: "process_cpu_seconds_total", type: "counter", help: "Processor time of the server's own process." },
      samples: single((user + system) / 1e6),
    },
    {
      name: "process_resident_memory_bytes",
      type: "gauge",
      help: "Memory of the server's own process; workers are processes of their own.",
      samples: single(process.memoryUsage.rss()),
    },
  ];
}

function single(value: number): MetricFamily["samples"] {
  return [{ labels: {}, value }];
}
