import { spawn } from "node:child_process";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { parsePrometheus, valueOf } from "../http/support/prometheus-text.ts";
import { call, postJson } from "../support/http-exchange.ts";
import { CLI } from "../support/cli.ts";
import { MODEL, serveMoving, shareMovingModels } from "./support/moving-models.ts";
import type { Stage } from "./support/stage.ts";

const moving = shareMovingModels([1]);

const SOON = { timeout: 60_000, interval: 50 };

interface Event {
  readonly event: string;
  readonly rows?: unknown;
  readonly lines?: number;
}

/** Every line of the log and of those that were put aside, the oldest first; each must be whole. */
async function readLog(folder: string): Promise<readonly Event[]> {
  const names = (await readdir(folder))
    .filter((name) => name.startsWith("server.log"))
    .sort()
    .reverse();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n").slice(0, -1)).map((line) => JSON.parse(line) as Event);
}

test("--log-file takes the log, with redacted values; standard error stays empty", async () => {
  const { stage } = await moving.stage();
  const file = join(stage.home, "logs", "server.log");
  const options = ["--log-file", file, "--redact", "secret", "--log-predictions", "1"];
  const server = await serveMoving(stage, options);
  await server.ask({ x: 2, secret: 4711 });
  server.cli.process.kill("SIGTERM");
  await server.cli.ended;
  const events = await readLog(join(stage.home, "logs"));
  const predictions = events.filter(({ event }) => event.startsWith("prediction."));
  expect(predictions.map(({ event }) => event)).toEqual([
    "prediction.version",
    "prediction.input",
    "prediction.output",
  ]);
  expect(predictions[1]?.rows).toEqual([{ x: 2, secret: "***" }]);
  const frame = events.filter(({ event }) => event.startsWith("server.")).map(({ event }) => event);
  expect(frame).toEqual(["server.listening", "server.draining", "server.stopped"]);
  expect(await readFile(file, "utf8")).not.toContain("4711");
  expect(server.cli.stderr()).toBe("");
});

test("a log file that cannot be written is refused before anything is served", async () => {
  const { stage } = await moving.stage();
  await writeFile(join(stage.home, "file"), "");
  const { exitCode, stderr } = await stage.run(["serve", MODEL, "--log-file", join(stage.home, "file", "server.log")]);
  expect(exitCode).toBe(9);
  expect(stderr).toContain("STATE_UNWRITABLE");
});

const SERVER_SETTINGS = JSON.stringify({ server: { log: { file: "LOGS/server.log", maxSize: "64Ki", keep: 3 } } });

/** A server whose log files are on a file system of 1 MiB of its own. `inside` is that folder as this process sees it. */
async function serveOnSmallDisk(stage: Stage): Promise<{ readonly url: string; readonly inside: string }> {
  const [logs, project] = [join(stage.home, "logs"), join(stage.home, "project")];
  const script = 'mkdir -p "$1" "$2" && mount -t tmpfs -o size=1m tmpfs "$1" && cd "$2" && shift 2 && exec "$@"';
  const namespace = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const serve = [process.execPath, CLI, "serve", `${MODEL}@champion`, "--port", "0", "--project", project];
  const env = { PATH: process.env["PATH"], HOME: stage.home, MODELWRIGHT_HOME: stage.state };
  await writeFile(join(stage.home, "modelwright.json"), SERVER_SETTINGS.replace("LOGS", logs));
  const child = spawn("unshare", [...namespace, "sh", "-c", script, "sh", logs, project, ...serve], { env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, SOON).toMatch(/Serving on (\S+)/);
  const url = /Serving on (\S+)/.exec(output)?.[1] ?? "";
  return { url, inside: `/proc/${String(child.pid)}/root${logs}` };
}

test("a disk that fills while logs rotate stops no prediction; what was lost is counted, and logging goes on", async () => {
  const { stage } = await moving.stage();
  const { url, inside } = await serveOnSmallDisk(stage);
  const filler = join(inside, "filler");
  const fillDisk = async (): Promise<void> => {
    await appendFile(filler, Buffer.alloc(2 * 1024 * 1024)).catch((error: unknown) => {
      expect(error).toMatchObject({ code: "ENOSPC" });
    });
  };
  const predict = (x: number) => postJson(`${url}/v1/${MODEL}/predict`, [{ x }]);
  const lost = async () =>
    valueOf(parsePrometheus((await call(`${url}/metrics`)).text), "modelwright_log_lines_dropped_total");
  const askMany = async (): Promise<void> => {
    const replies = await Promise.all(Array.from({ length: 100 }, (_, x) => predict(x)));
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
  };
  // Rotates several times, and keeps three files.
  for (let round = 0; round < 20; round++) await askMany();
  await expect.poll(async () => (await readdir(inside)).length, SOON).toBe(4);
  expect(await lost()).toBe(0);
  // A log that was about to rotate still does, and so frees the space of the oldest: filled anew until it cannot.
  await expect
    .poll(async () => {
      await fillDisk();
      await askMany();
      return await lost();
    }, SOON)
    .toBeGreaterThan(100);
  await rm(filler);
  await expect
    .poll(async () => {
      await askMany();
      return (await readLog(inside)).some(({ event }) => event === "log.dropped");
    }, SOON)
    .toBe(true);
  // A line that was cut by the full disk was finished: every line is JSON, which readLog has checked.
  expect((await readLog(inside)).at(-1)?.event).toMatch(/^prediction\./);
});
