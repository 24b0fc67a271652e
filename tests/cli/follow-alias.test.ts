import { join } from "node:path";
import { expect, test } from "vitest";

import { localObjectStore } from "../../src/storage/local-object-store.ts";
import { sealRecord } from "../../src/store/formats/sealed-record.ts";
import { aliasEntryKey } from "../../src/store/keys.ts";
import { testStore } from "../store/support/sample-publication.ts";
import type { HttpReply } from "../support/http-exchange.ts";
import { MODEL, publishing, serveMoving, shareMovingModels, type MovingServer } from "./support/moving-models.ts";
import { expectNothingRuns, leftovers, type Stage } from "./support/stage.ts";

const moving = shareMovingModels([1, 2, 3]);

const SOON = { timeout: 60_000, interval: 50 };
const CLIENTS = 24;

const servedVersion = async (server: MovingServer) => (await server.describe())["version"];
const update = async (server: MovingServer) => (await server.describe())["update"];

interface Answered {
  readonly version: string;
  readonly isRight: boolean;
}

/** Clients that ask one number after the other until told to stop. Anything but a right answer is a fault. */
function startClients({ ask }: MovingServer) {
  const versions: string[] = [];
  const faults: unknown[] = [];
  const state = { isStopping: false, next: 0 };
  const client = async (): Promise<void> => {
    while (!state.isStopping) {
      const x = state.next++;
      const answered = await ask({ x }).then(
        (reply) => judge(reply, x),
        (error: unknown) => error,
      );
      if (typeof answered === "object" && answered !== null && "isRight" in answered)
        versions.push((answered as Answered).version);
      else faults.push(answered);
    }
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, client));
  return {
    versions,
    faults,
    stop: async (): Promise<void> => {
      state.isStopping = true;
      await running;
    },
  };
}

/** An answer that is the named version's own, or what came instead. */
function judge({ status, json, text }: HttpReply, x: number): Answered | string {
  const { predictions = [], version = "" } = (json ?? {}) as { predictions?: number[]; version?: string };
  const isRight = status === 200 && predictions[0] === x * Number(version.slice(1));
  return isRight ? { version, isRight } : `${status} ${text}`;
}

test("while the alias moves ten times under load, every request is answered by the version that the answer names", async () => {
  const { stage, store } = await moving.stage();
  const server = await serveMoving(stage);
  const clients = startClients(server);
  for (let move = 1; move <= 10; move++) {
    const version = `v${(move % 3) + 1}`;
    await store.setAlias(MODEL, "champion", version);
    await expect.poll(() => servedVersion(server), SOON).toBe(version);
    const before = clients.versions.length;
    await expect.poll(() => clients.versions.length - before, SOON).toBeGreaterThan(CLIENTS);
  }
  await clients.stop();
  expect(clients.faults).toEqual([]);
  expect(new Set(clients.versions)).toEqual(new Set(["v1", "v2", "v3"]));
  await expect.poll(() => server.events("alias.update.served").length, SOON).toBe(10);
  // The workers of the versions before are gone, and so are their folders.
  await expect.poll(() => stage.processes().length, SOON).toBe(2);
  server.cli.process.kill("SIGTERM");
  expect((await server.cli.ended).exitCode).toBe(0);
  await expectNothingRuns(stage, 5_000);
  expect(await leftovers(stage)).toEqual([]);
});

test("two servers that follow one alias both come to the version that it points to", async () => {
  const { stage, store } = await moving.stage();
  const servers = await Promise.all([serveMoving(stage), serveMoving(stage)]);
  const clients = servers.map(startClients);
  for (const version of ["v2", "v3", "v1", "v3"]) {
    await store.setAlias(MODEL, "champion", version);
    for (const server of servers) await expect.poll(() => servedVersion(server), SOON).toBe(version);
  }
  for (const { stop, faults } of clients) {
    await stop();
    expect(faults).toEqual([]);
  }
});

test("a version that cannot be loaded leaves the old one serving, is told, and is not tried again at once", async () => {
  const { stage, store } = await moving.stage();
  const server = await serveMoving(stage, [], { BREAK: "2" });
  await store.setAlias(MODEL, "champion", "v2");
  await expect
    .poll(() => update(server), SOON)
    .toMatchObject({
      ...{ alias: "champion", version: "v2", state: "failed", code: "SCORER_FAILED" },
      reason: expect.stringContaining("scorer") as string,
    });
  expect(await server.ask({ x: 3 })).toMatchObject({ status: 200, json: { predictions: [3], version: "v1" } });
  await expect
    .poll(() => server.events("alias.update.failed"), SOON)
    .toMatchObject([
      { level: "error", model: MODEL, version: "v2", served: "v1", code: "SCORER_FAILED", retryInMs: 800 },
    ]);
  // The wait doubles: two more attempts within 0.8 + 1.6 s, though the alias is looked at every 0.1 s.
  await expect.poll(() => server.events("alias.update.failed").length, SOON).toBe(3);
  expect(server.events("alias.update.failed")[2]).toMatchObject({ retryInMs: 3_200 });
  await store.setAlias(MODEL, "champion", "v3");
  await expect.poll(() => servedVersion(server), SOON).toBe("v3");
  expect(await update(server)).toBeNull();
});

test("a version whose proof fails is not served and not tried again until the alias moves", async () => {
  const { stage, store } = await moving.stage();
  // v1 and v2 were published without the shift: they fail their proof wherever it is set.
  const shifted = { SHIFT: "5", FACTOR: "7" };
  for (const args of publishing(7)) expect((await stage.run(args, { variables: shifted })).exitCode).toBe(0);
  await store.setAlias(MODEL, "champion", "v7");
  const server = await serveMoving(stage, [], { SHIFT: "5" });
  await store.setAlias(MODEL, "champion", "v2");
  await expect.poll(() => update(server), SOON).toMatchObject({ version: "v2", state: "failed", code: "PROOF_FAILED" });
  await expect.poll(() => server.events("alias.update.failed"), SOON).toMatchObject([{ retryInMs: null }]);
  await store.setAlias(MODEL, "champion", "v1");
  await expect.poll(() => server.events("alias.update.failed").length, SOON).toBe(2);
  expect(await server.ask({ x: 1 })).toMatchObject({ status: 200, json: { predictions: [12], version: "v7" } });
  await store.setAlias(MODEL, "champion", "v7");
  await expect.poll(() => update(server), SOON).toBeNull();
  await expect.poll(() => server.events("alias.settled"), SOON).toMatchObject([{ version: "v7" }]);
  server.cli.process.kill("SIGTERM");
  await server.cli.ended;
  expect(server.events("alias.update.loading")).toHaveLength(2);
});

test("an alias that is removed, or points to a version that is gone, leaves the old one serving", async () => {
  const { stage, store } = await moving.stage();
  const server = await serveMoving(stage);
  await store.removeAlias(MODEL, "champion");
  await expect.poll(() => update(server), SOON).toMatchObject({ state: "removed", version: null });
  await addEntry(stage, { version: "v9" });
  await expect
    .poll(() => update(server), SOON)
    .toMatchObject({ state: "failed", version: "v9", code: "VERSION_NOT_FOUND" });
  expect((await server.ask({ x: 1 })).json).toMatchObject({ predictions: [1], version: "v1" });
  await store.setAlias(MODEL, "champion", "v2");
  await expect.poll(() => servedVersion(server), SOON).toBe("v2");
  expect(await update(server)).toBeNull();
});

test("an alias that cannot be read is told once, and followed again when it can", async () => {
  const { stage, store } = await moving.stage();
  const server = await serveMoving(stage);
  const damaged = await addEntry(stage, null);
  await expect.poll(() => update(server), SOON).toMatchObject({ state: "unreadable", code: "STORE_CORRUPT" });
  expect((await server.ask({ x: 1 })).json).toMatchObject({ predictions: [1], version: "v1" });
  await objectsOf(stage).delete(damaged);
  await expect.poll(() => update(server), SOON).toBeNull();
  await store.setAlias(MODEL, "champion", "v2");
  await expect.poll(() => servedVersion(server), SOON).toBe("v2");
  await expect.poll(() => server.events("alias.update.served").length, SOON).toBe(1);
  expect(server.events("alias.unreadable")).toHaveLength(1);
});

const objectsOf = ({ state }: Stage) => localObjectStore(join(state, "store"));

/** Adds an entry as another tool might: one that points to a version that is not there, or (null) one that is damaged. */
async function addEntry(stage: Stage, content: { readonly version: string } | null): Promise<string> {
  const head = await testStore(objectsOf(stage)).alias(MODEL, "champion");
  const key = aliasEntryKey(MODEL, "champion", (head?.number ?? 0) + 1);
  const record = { createdAt: "2026-11-20T10:15:00.000Z", publisher: "somebody", nonce: "n" };
  await objectsOf(stage).create(key, content === null ? Buffer.from("{}") : sealRecord({ ...record, ...content }));
  return key;
}

test("without following, a server keeps the version that it began with", async () => {
  const { stage, store } = await moving.stage();
  const [still, follower] = [await serveMoving(stage, ["--no-follow"]), await serveMoving(stage)];
  await store.setAlias(MODEL, "champion", "v2");
  await expect.poll(() => servedVersion(follower), SOON).toBe("v2");
  expect(await servedVersion(still)).toBe("v1");
  expect(still.events("alias.following")).toEqual([]);
});
