import { readFile, symlink, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

import { LocalConfigReader, StatsigConfigReader } from "../../src/app/public/config-readers.ts";
import { testFolder } from "../process/support/test-folder.ts";
import { SPECS } from "./support/statsig-specs.ts";

const VALUE = { review: 0.7, tiers: [1, 2] };

// What the tool's runtime sets in the process of a job.
const { MODELWRIGHT_JOB: before } = process.env;
let events: string;
beforeEach(async () => {
  const job = await testFolder();
  events = join(job, "events.jsonl");
  await writeFile(join(job, "job.json"), JSON.stringify({ eventsFile: events }));
  process.env["MODELWRIGHT_JOB"] = join(job, "job.json");
});
afterEach(() => {
  if (before === undefined) delete process.env["MODELWRIGHT_JOB"];
  else process.env["MODELWRIGHT_JOB"] = before;
});

async function reported(): Promise<readonly Record<string, unknown>[]> {
  const lines = (await readFile(events, "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function configFolder(): Promise<string> {
  const root = await testFolder({
    "configs/test_config.json": '{"threshold": 0.5}',
    "configs/eu/limits.json": "[1, 2]",
    "configs/broken.json": '{"threshold": ',
    "secret.json": '"secret"',
  });
  await symlink(join(root, "secret.json"), join(root, "configs/link.json"));
  return join(root, "configs");
}

test("a local configuration is read by its name, and its digest reported to the run", async () => {
  const reader = new LocalConfigReader({ configDir: await configFolder() });
  expect(await reader.read("test_config.json")).toEqual({ threshold: 0.5 });
  expect(await reader.read("eu/limits")).toEqual([1, 2]);
  // The same digest as in Python: sha256 of {"threshold":0.5}.
  const digest = "78223d46fdb183493f1317458f0099631d4bda40a2652720b7a6c28f516b6135";
  expect(await reported()).toMatchObject([
    { type: "configuration", source: "local", name: "test_config.json", digest },
    { name: "eu/limits" },
  ]);
});

test.each([
  ["gone", "FILE_NOT_FOUND"],
  ["broken", "JSON_MALFORMED"],
  ["../secret", "PATH_ESCAPES_ROOT"],
  ["link", "PATH_ESCAPES_ROOT"],
  ["/etc/hosts", "PATH_ESCAPES_ROOT"],
  ["", "FILE_NOT_FOUND"],
  ["eu", "FILE_NOT_FOUND"],
])("a local configuration named %j is refused", async (name, code) => {
  const reader = new LocalConfigReader({ configDir: await configFolder() });
  await expect(reader.read(name)).rejects.toMatchObject({ code });
});

test("a folder that is not there is told as a configuration that is not", async () => {
  const reader = new LocalConfigReader({ configDir: "/nonexistent/configs" });
  await expect(reader.read("a")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
});

async function offlineReader(cacheDir: string): Promise<StatsigConfigReader> {
  const folder = await testFolder({ "specs.json": JSON.stringify(SPECS) });
  const reader = new StatsigConfigReader({ sdkKey: "secret-key", specsFile: join(folder, "specs.json"), cacheDir });
  onTestFinished(() => reader.close());
  return reader;
}

/** An address where connections are accepted and nothing is ever answered. */
async function unreachable(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
}

test("a dynamic config is read from specs without a network", async () => {
  const reader = await offlineReader(await testFolder());
  expect(await reader.read("thresholds")).toEqual(VALUE);
  await expect(reader.read("gone")).rejects.toMatchObject({ code: "CONFIGURATION_NOT_FOUND" });
  expect(await reported()).toMatchObject([{ source: "statsig", name: "thresholds" }]);
});

test("Statsig that does not answer gives the last good value in time, else an error that says so", async () => {
  const cacheDir = await testFolder();
  await (await offlineReader(cacheDir)).read("thresholds");
  const reader = new StatsigConfigReader({ sdkKey: "secret-key", timeoutMs: 500, cacheDir, api: await unreachable() });
  onTestFinished(() => reader.close());
  const begunAtMs = performance.now();
  expect(await reader.read("thresholds")).toEqual(VALUE);
  expect(performance.now() - begunAtMs).toBeLessThan(10_000);
  await expect(reader.read("never-read")).rejects.toMatchObject({ code: "CONFIGURATION_UNAVAILABLE" });
  const [first, second] = await reported();
  expect([first?.["source"], second?.["source"]]).toEqual(["statsig", "statsig-cache"]);
  expect(first?.["digest"]).toBe(second?.["digest"]);
});

test("the last good value of another key is not taken", async () => {
  const cacheDir = await testFolder();
  await (await offlineReader(cacheDir)).read("thresholds");
  const reader = new StatsigConfigReader({
    sdkKey: "secret-other",
    timeoutMs: 300,
    cacheDir,
    api: await unreachable(),
  });
  onTestFinished(() => reader.close());
  await expect(reader.read("thresholds")).rejects.toMatchObject({ code: "CONFIGURATION_UNAVAILABLE" });
});

test("a reader without a key, or with specs that are not there, says what is missing", async () => {
  await expect(new StatsigConfigReader({ sdkKey: "client-key" }).read("a")).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    hint: expect.stringContaining("STATSIG_SDK_KEY") as string,
  });
  const reader = new StatsigConfigReader({ specsFile: "/nonexistent/specs.json" });
  await expect(reader.read("a")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  // As the SDK for Python downloads them.
  const folder = await testFolder({ "specs.json": JSON.stringify({ ...SPECS, dynamic_configs: [] }) });
  const other = new StatsigConfigReader({ specsFile: join(folder, "specs.json"), timeoutMs: 300 });
  onTestFinished(() => other.close());
  await expect(other.read("a")).rejects.toMatchObject({
    code: "FILE_UNREADABLE",
    message: expect.stringContaining(join(folder, "specs.json")) as string,
  });
});
