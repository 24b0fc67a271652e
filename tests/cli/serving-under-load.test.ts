import { Agent } from "node:http";
import { expect, onTestFinished, test } from "vitest";

import { postJson, type HttpReply } from "../support/http-exchange.ts";
import { testPython } from "../support/test-python.ts";
import { shareHeldProject, shareTrainedState, type HeldLanguage } from "./support/held-models.ts";
import { expectNothingRuns, makeStage } from "./support/stage.ts";

const project = shareHeldProject();
const published = shareTrainedState(project.folder, { isSmall: true, isPublished: true });

const CLIENTS = 64;
const LANGUAGES: readonly HeldLanguage[] = ["python", "typescript"];
/** How a worker of each language is told from the other processes of its server. */
const WORKERS = { python: / worker \S+worker\.json$/, typescript: /worker\.js / } as const;

async function serve(language: HeldLanguage) {
  const stage = await makeStage(project.folder(), published.folder());
  const choice = language === "python" ? ["--python", testPython(), "--no-install"] : [];
  const model = `held-${language}`;
  const server = await stage.start(["serve", model, "--port", "0", "--log-predictions", "0", ...choice]);
  const [, url = ""] = await server.printed(/Serving on (\S+)/);
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const ask = (x: number): Promise<HttpReply> => postJson(`${url}/v1/${model}/predict`, [{ x }], { agent });
  const workerPid = () => stage.processes().find(({ command }) => WORKERS[language].test(command))?.pid;
  return { stage, server, ask, workerPid };
}

interface Answer {
  readonly x: number;
  readonly reply: HttpReply;
}

/** Clients that ask one number after the other until told to stop, or until the connection fails. */
function startClients(ask: (x: number) => Promise<HttpReply>) {
  const answers: Answer[] = [];
  const faults: unknown[] = [];
  let isStopping = false;
  let next = 0;
  const client = async (): Promise<void> => {
    while (!isStopping) {
      const x = next++;
      try {
        answers.push({ x, reply: await ask(x) });
      } catch (error) {
        faults.push(error instanceof Error && "code" in error ? error.code : error);
        return;
      }
    }
  };
  const running = Promise.all(Array.from({ length: CLIENTS }, client));
  const stop = async (): Promise<void> => {
    isStopping = true;
    await running;
  };
  return { answers, faults, running, stop };
}

const isGood = ({ x, reply }: Answer): boolean =>
  reply.status === 200 && (reply.json as { readonly predictions: readonly number[] }).predictions[0] === 2 * x;

test.each(LANGUAGES)("a %s worker that is killed under load fails only requests that it had", async (language) => {
  const { ask, workerPid } = await serve(language);
  const { answers, faults, stop } = startClients(ask);
  const reachMore = async (): Promise<void> => {
    const before = answers.filter(isGood).length;
    await expect.poll(() => answers.filter(isGood).length - before, { timeout: 60_000 }).toBeGreaterThan(1_000);
  };
  await reachMore();
  const first = workerPid();
  process.kill(first ?? 0, "SIGKILL");
  await reachMore();
  expect(workerPid()).not.toBe(first);
  await stop();
  const bad = answers.filter((answer) => !isGood(answer));
  for (const { reply } of bad) expect(reply).toMatchObject({ status: 503, json: { code: "WORKER_LOST" } });
  expect(bad.length).toBeLessThanOrEqual(CLIENTS);
  expect(faults).toEqual([]);
});

test.each(LANGUAGES)("SIGTERM under load: a server with a %s model answers all that it accepted", async (language) => {
  const { stage, server, ask } = await serve(language);
  const { answers, faults, running } = startClients(ask);
  await expect.poll(() => answers.length, { timeout: 60_000 }).toBeGreaterThan(1_000);
  process.kill(server.pid, "SIGTERM");
  await running;
  expect((await server.ended).exitCode).toBe(0);
  expect(answers.filter((answer) => !isGood(answer))).toEqual([]);
  // Nobody listens any more: a connection that was never made.
  expect(new Set(faults)).toEqual(new Set(["ECONNREFUSED"]));
  await expectNothingRuns(stage, 0);
});
