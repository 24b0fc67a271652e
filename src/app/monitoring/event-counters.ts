import type { JsonObject } from "../../kernel/json.ts";
import type { Log } from "../../kernel/log.ts";
import type { MetricFamily } from "../../model/ports/metrics.ts";

interface Counter {
  readonly name: string;
  readonly help: string;
  /** Fields of the event that become labels. */
  readonly labels: readonly string[];
  /** Whether an event of this kind counts; default: each does. */
  readonly counts?: (fields: JsonObject) => boolean;
}

const isFailedProof = ({ code }: JsonObject): boolean => code === "PROOF_FAILED";

const PROOF_FAILURES: Counter = {
  name: "modelwright_proof_failures_total",
  help: "Versions that did not repeat what was recorded when they were published.",
  labels: ["model"],
  counts: isFailedProof,
};

/** Event → the counters that it moves. What happens rarely is counted by what is logged of it. */
const COUNTERS: Readonly<Record<string, readonly Counter[]>> = {
  "worker.lost": [
    {
      name: "modelwright_workers_lost_total",
      help: "Worker processes that ended while they served.",
      labels: ["model"],
    },
    {
      name: "modelwright_workers_out_of_memory_total",
      help: "Worker processes that were ended because they used too much memory.",
      labels: ["model"],
      counts: ({ isOutOfMemory }) => isOutOfMemory === true,
    },
  ],
  "worker.restarted": [
    { name: "modelwright_worker_restarts_total", help: "Lost worker processes that were replaced.", labels: ["model"] },
  ],
  "alias.update.served": [
    {
      name: "modelwright_alias_swaps_total",
      help: "Versions that took over because an alias moved.",
      labels: ["model", "alias"],
    },
  ],
  "alias.update.failed": [
    {
      name: "modelwright_alias_update_failures_total",
      help: "Versions that an alias pointed to and that could not take over.",
      labels: ["model", "alias", "code"],
    },
    PROOF_FAILURES,
  ],
  "model.failed": [PROOF_FAILURES],
};

export interface EventCounters {
  /** Logs as before, and counts. */
  readonly log: Log;
  readonly families: () => readonly MetricFamily[];
}

interface Counted {
  readonly counter: Counter;
  /** By the label values as JSON. */
  readonly values: Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>;
}

/** Counts the events that operators watch. */
export function eventCounters(log: Log): EventCounters {
  const counted = new Map<string, Counted>();
  const count = (counter: Counter, fields: JsonObject): void => {
    const known: Counted = counted.get(counter.name) ?? { counter, values: new Map() };
    counted.set(counter.name, known);
    const labels = Object.fromEntries(counter.labels.map((label) => [label, textOf(fields[label])]));
    const key = JSON.stringify(labels);
    const value = known.values.get(key);
    if (value === undefined) known.values.set(key, { labels, value: 1 });
    else value.value++;
  };
  return {
    log: (level, event, fields = {}) => {
      const counters = COUNTERS[event];
      if (counters !== undefined)
        for (const counter of counters) if (counter.counts?.(fields) ?? true) count(counter, fields);
      log(level, event, fields);
    },
    families: () =>
      [...counted.values()].map(({ counter: { name, help }, values }) => {
        return { name, help, type: "counter" as const, samples: [...values.values()] };
      }),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
