import { setTimeout as sleep } from "node:timers/promises";

import { Failure, messageOf } from "../../kernel/failure.ts";
import type { AliasUpdate } from "../../model/ports/predictor.ts";
import type { LoadedModel } from "../../serving/loaded-model.ts";
import type { ModelHost } from "../../serving/model-host.ts";
import type { AliasEntry } from "../../store/model-store.ts";
import type { Services } from "../services.ts";

export interface FollowRequest {
  readonly model: string;
  readonly alias: string;
  /** Version that is served when following begins. */
  readonly version: string;
  readonly intervalMs: number;
  readonly host: ModelHost;
  /** Loads and proves a version; nothing of it is left when it fails. */
  readonly load: (version: string) => Promise<LoadedModel>;
  readonly signal: AbortSignal;
}

/** A version that could not be loaded is tried again after so many intervals, then after twice as many, and so on. */
const FIRST_RETRY_INTERVALS = 8;
const LONGEST_RETRY_MS = 600_000;

/**
 * Serves the version that an alias points to, whenever that changes, until the signal aborts: the new version is loaded
 * and proven first, then takes over, then the old one answers what it had and is stopped. Whatever goes wrong with the
 * new one, the old one goes on serving. Never throws.
 */
export async function followAlias(services: Services, request: FollowRequest): Promise<void> {
  const follower = new AliasFollower(services, request);
  const { intervalMs, signal } = request;
  while (await sleep(intervalMs, !signal.aborted, { signal }).catch(() => false)) await follower.look();
}

/** A move of the alias whose version could not be served. */
interface FailedMove {
  readonly number: number;
  readonly attempts: number;
  /** On the monotonic clock; infinite: not before the alias moves again. */
  readonly retryAtMs: number;
}

type Told = Pick<AliasUpdate, "version" | "state" | "code">;

class AliasFollower {
  readonly #services: Services;
  readonly #request: FollowRequest;
  #served: string;
  #failed: FailedMove | null = null;
  #isUnreadable = false;
  #isRemoved = false;
  /** What was told while the alias could be read. */
  #update: Told | null = null;

  constructor(services: Services, request: FollowRequest) {
    this.#services = services;
    this.#request = request;
    this.#served = request.version;
  }

  async look(): Promise<void> {
    const head = await this.#readHead();
    if (head === null) return;
    const { version, number } = head;
    if (version === null) {
      this.#noteRemoved();
      return;
    }
    if (version === this.#served) {
      if (this.#failed !== null || this.#isRemoved) this.#noteSettled();
      return;
    }
    this.#isRemoved = false;
    const failed = this.#failed?.number === number ? this.#failed : null;
    if (failed !== null && this.#services.clock.monotonicMs() < failed.retryAtMs) return;
    await this.#load(version, { number, attempts: (failed?.attempts ?? 0) + 1 });
  }

  /** Null when the store cannot be read now: what is served stays. */
  async #readHead(): Promise<AliasEntry | null> {
    const { model, alias } = this.#request;
    try {
      const head = await this.#services.store.alias(model, alias);
      if (this.#isUnreadable) {
        this.#isUnreadable = false;
        this.#log("info", "alias.readable", {});
        this.#tell(this.#update);
      }
      return head ?? { alias, version: null, createdAt: "", publisher: "", number: 0 };
    } catch (error) {
      const failure = asFailure(error);
      if (!this.#isUnreadable) {
        this.#isUnreadable = true;
        this.#log("error", "alias.unreadable", { code: failure.code, message: failure.message });
        this.#show({ version: null, state: "unreadable", code: failure.code });
      }
      return null;
    }
  }

  async #load(version: string, { number, attempts }: Omit<FailedMove, "retryAtMs">): Promise<void> {
    const { host, load, model, signal } = this.#request;
    const { clock } = this.#services;
    const startMs = clock.monotonicMs();
    this.#log("info", "alias.update.loading", { version, served: this.#served });
    this.#tell({ version, state: "loading", code: null });
    try {
      const loaded = await load(version);
      const before = this.#served;
      this.#served = version;
      this.#failed = null;
      this.#tell(null);
      this.#log("info", "alias.update.served", { version, before, durationMs: clock.monotonicMs() - startMs });
      await host.put(model, loaded);
    } catch (error) {
      if (!signal.aborted) this.#noteFailed(version, asFailure(error), { number, attempts });
    }
  }

  #noteFailed(version: string, failure: Failure, { number, attempts }: Omit<FailedMove, "retryAtMs">): void {
    const retryInMs = this.#retryDelayMs(failure, attempts);
    this.#failed = { number, attempts, retryAtMs: this.#services.clock.monotonicMs() + (retryInMs ?? Infinity) };
    const { code, message } = failure;
    this.#log("error", "alias.update.failed", { version, served: this.#served, code, message, retryInMs });
    this.#tell({ version, state: "failed", code });
  }

  /** Null for a version that does not prove itself: it will not the next time either. */
  #retryDelayMs({ kind }: Failure, attempts: number): number | null {
    if (kind === "proofFailed") return null;
    return Math.min(LONGEST_RETRY_MS, this.#request.intervalMs * FIRST_RETRY_INTERVALS * 2 ** (attempts - 1));
  }

  #noteRemoved(): void {
    if (this.#isRemoved) return;
    this.#isRemoved = true;
    this.#failed = null;
    this.#log("warn", "alias.removed", { served: this.#served });
    this.#tell({ version: null, state: "removed", code: null });
  }

  /** The alias points to what is served again. */
  #noteSettled(): void {
    this.#log("info", "alias.settled", { version: this.#served });
    this.#failed = null;
    this.#isRemoved = false;
    this.#tell(null);
  }

  #tell(update: Told | null): void {
    this.#update = update;
    this.#show(update);
  }

  #show(update: Told | null): void {
    const { host, model, alias } = this.#request;
    const since = this.#services.clock.now().toISOString();
    host.setUpdate(model, update === null ? null : { alias, ...update, since });
  }

  #log(level: "info" | "warn" | "error", event: string, fields: Parameters<Services["log"]>[2]): void {
    const { model, alias } = this.#request;
    this.#services.log(level, event, { model, alias, ...fields });
  }
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("INTERNAL", { message: messageOf(error), cause: error });
}
