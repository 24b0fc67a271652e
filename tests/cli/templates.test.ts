import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli, startCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";
import { torchPython } from "../support/torch-python.ts";

const ROW = { tenure_months: 3, monthly_price: 49.9, plan: "basic" };

test.each(["scikit-learn", "xgboost", "pytorch", "typescript"])(
  "a definition from the template %s trains, evaluates, publishes and serves as it stands",
  async (template) => {
    const isTorch = template === "pytorch";
    // A limit of threads that the project sets reaches the library.
    const settings = { env: { set: { OMP_NUM_THREADS: "3" } } };
    const project = {
      cwd: await testFolder({ "modelwright.json": JSON.stringify(settings) }),
      home: await testFolder(),
    };
    const variables = { PATH: `${dirname(testPython())}:${process.env["PATH"] ?? ""}` };
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const result = await runCli([...args, "--json"], { ...project, variables });
      expect({ exitCode: result.exitCode, stderr: result.stderr }, args.join(" ")).toEqual({ exitCode: 0, stderr: "" });
      return result.json;
    };
    await run("add", "churn", "--template", template);
    // Packages that the template pins and the tests' environment lacks would be an error. PyTorch is the system's, whatever its
    // version is.
    const asItIs = ["--no-install", ...(isTorch ? ["--python", torchPython()] : ["--strict"])];
    const trained = (await run("train", "churn", ...asItIs)) as { readonly run: { readonly id: string } };
    if (isTorch) await expectSeeded(trained.run.id, run, asItIs);
    expect(await run("evaluate", "churn", ...asItIs)).toMatchObject({
      run: { metrics: { accuracy: expect.any(Number) as number } },
    });
    await run("publish", "churn", ...asItIs, "--alias", "champion");
    const options = { ...project, variables };
    const server = await startCli(["serve", "churn@champion", "--port", "0", ...asItIs], options);
    const [, url = ""] = await server.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
    const body = JSON.stringify([ROW]);
    const answer = execFileSync("curl", [
      "-s",
      "-H",
      "content-type: application/json",
      "-d",
      body,
      `${url}/v1/churn/predict`,
    ]);
    expect(JSON.parse(answer.toString())).toMatchObject({ predictions: [1], errors: null });
    server.process.kill("SIGTERM");
    expect((await server.ended).exitCode).toBe(0);
  },
);

/** The weights begin as random numbers of PyTorch's generator: trained again, they are the same to the last bit. */
async function expectSeeded(
  run: string,
  cli: (...args: readonly string[]) => Promise<unknown>,
  asItIs: readonly string[],
): Promise<void> {
  expect(await cli("runs", "show", run)).toMatchObject({
    run: { seeds: { seed: 42, torch: 42 }, threads: { OMP_NUM_THREADS: 3, torch: 3 } },
  });
  expect(await cli("reproduce", run, ...asItIs)).toMatchObject({
    reproduced: true,
    differences: { seeds: { state: "same" }, artifacts: { state: "same" } },
  });
}
