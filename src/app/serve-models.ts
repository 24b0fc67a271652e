import { createHttpServer } from "../http/create-http-server.ts";
import { Failure } from "../kernel/failure.ts";
import type { MetricFamily } from "../model/ports/metrics.ts";
import type { ServerSettings } from "../model/server-settings.ts";
import { parseModelReference } from "../model/version/model-reference.ts";
import type { LoadedModel } from "../serving/loaded-model.ts";
import { modelHost, type ModelHost } from "../serving/model-host.ts";
import { followAlias } from "../lifecycle/serving/follow-alias.ts";
import {
  loadModel,
  loadReference,
  servedName,
  type ModelSource,
  type ServingOptions,
} from "../lifecycle/serving/load-model.ts";
import type { Services, Work } from "../lifecycle/services.ts";
import { eventCounters } from "./monitoring/event-counters.ts";
import { processMetrics } from "./monitoring/process-metrics.ts";

/** Version of the HTTP API: it is in the path and is no model's version. */
const API_VERSION = "v1";
/** However little time requests are given. */
const SHORTEST_DRAIN_MS = 30_000;

export interface ServeRequest {
  readonly sources: readonly ModelSource[];
  readonly host: string;
  readonly port: number;
  readonly serving: ServingSettings;
  /** Models of which something is said for this server alone: a name that is not served is a mistake. */
  readonly namedModels?: readonly string[] | undefined;
  /** What else `GET /metrics` tells. */
  readonly metrics?: (() => readonly MetricFamily[]) | undefined;
}

/** What holds for all models, and by name for single ones. */
export type ServingSettings = Omit<ServerSettings, "host" | "port" | "log">;

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  /** Resolves when every model is proven and answers; rejects with the first failure. */
  readonly ready: Promise<readonly LoadedModel["info"][]>;
  /** Takes no new requests, answers those there are, ends every worker. */
  readonly stop: () => Promise<void>;
}

/**
 * Listens first, so that health checks are answered at once, then loads the models; until one is proven, its routes
 * answer that it is loading.
 * @throws Failure `PORT_IN_USE`, `CONFIG_INVALID`, `USAGE` when two sources have one name, or a name is that of none.
 */
export async function serveModels(composed: Services, request: ServeRequest, work: Work): Promise<RunningServer> {
  const events = eventCounters(composed.log);
  const services = { ...composed, log: events.log };
  const named = await nameSources(services, request);
  requireServed(request.namedModels ?? [], named);
  const timeoutMs = Math.max(request.serving.timeoutMs, ...named.map(({ options }) => options.timeoutMs));
  const host = modelHost({ log: services.log, limits: { timeoutMs } });
  const drainTimeoutMs = Math.max(SHORTEST_DRAIN_MS, timeoutMs);
  const server = createHttpServer({
    ...{ predictor: host, apiVersion: API_VERSION, log: services.log },
    metrics: (statusOf) => [
      ...host.metrics(statusOf),
      ...events.families(),
      ...(request.metrics?.() ?? []),
      ...processMetrics(services.toolVersion),
    ],
  });
  for (const { name } of named) host.setLoading(name);
  const { url } = await server.listen({ host: request.host, port: request.port });
  services.log("info", "server.listening", { url });
  const [loading, following] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([work.signal, loading.signal]);
  const ready = loadAll(services, { named, host }, { ...work, signal });
  const followed = ready
    .then(() => followAll(services, { named, host, request }, { ...work, signal: following.signal }))
    // Whoever waits for `ready` sees the failure; stopping before that must not be an unhandled rejection.
    .catch(() => loading.abort());
  return {
    url,
    ready,
    stop: async () => {
      // There is no use in loading a version that would answer nobody.
      following.abort();
      services.log("info", "server.draining", { url });
      await server.drain(drainTimeoutMs);
      loading.abort();
      await ready.catch(() => undefined);
      await followed;
      await host.drain(drainTimeoutMs);
      services.log("info", "server.stopped", { url });
    },
  };
}

function requireServed(names: readonly string[], named: readonly NamedSource[]): void {
  const served = named.map(({ name }) => name);
  const unknown = names.find((name) => !served.includes(name));
  if (unknown === undefined) return;
  throw new Failure("USAGE", {
    message: `Workers, memory or time are given for "${unknown}", and no model of that name is served.`,
    hint: `Served are: ${served.join(", ")}.`,
  });
}

interface NamedSource {
  readonly name: string;
  readonly source: ModelSource;
  readonly options: ServingOptions;
}

async function nameSources(
  services: Services,
  { sources, serving }: Pick<ServeRequest, "sources" | "serving">,
): Promise<readonly NamedSource[]> {
  const named: NamedSource[] = [];
  for (const source of sources) {
    const name = await servedName(services, source);
    const twin = named.find((other) => other.name === name);
    if (twin !== undefined) {
      throw new Failure("USAGE", {
        message: `${twin.source.text} and ${source.text} would both be served as "${name}".`,
        hint: "One server serves one version of a model; start a second server on another port.",
      });
    }
    named.push({ name, source, options: { ...serving, ...serving.models[name] } });
  }
  return named;
}

interface Loading {
  readonly named: readonly NamedSource[];
  readonly host: ModelHost;
}

/** One after the other: loading is bound by the processor, and errors read better one at a time. */
async function loadAll(
  services: Services,
  { named, host }: Loading,
  work: Work,
): Promise<readonly LoadedModel["info"][]> {
  const loaded: LoadedModel["info"][] = [];
  for (const { name, source, options } of named) {
    try {
      const model = await loadModel(services, { ...source, options }, work);
      await host.put(name, model);
      loaded.push(model.info);
    } catch (error) {
      if (error instanceof Failure) host.setFailed(name, error);
      throw error;
    }
  }
  return loaded;
}

/** Resolves when the signal has aborted and nothing is being loaded any more. */
async function followAll(
  services: Services,
  { named, host, request }: Loading & { readonly request: ServeRequest },
  work: Work,
): Promise<void> {
  const { followIntervalMs } = request.serving;
  if (followIntervalMs === null) return;
  const following = named.map(async ({ name, source, options }) => {
    const { version, reference } = host.findModel(name);
    const alias = aliasOf(reference, version);
    if (alias === null) return;
    services.log("info", "alias.following", { model: name, alias, version, intervalMs: followIntervalMs });
    const load = (label: string): Promise<LoadedModel> =>
      loadReference(services, { reference: { name, selector: alias }, label, choice: source.choice, options }, work);
    await followAlias(services, {
      ...{ model: name, alias, version, host, load },
      ...{ intervalMs: followIntervalMs, signal: work.signal },
    });
  });
  await Promise.all(following);
}

/** The alias of a reference, or null: a label stands for itself, and a folder has neither. */
function aliasOf(reference: string, version: string): string | null {
  const { selector } = parseModelReference(reference);
  return selector === version ? null : selector;
}
