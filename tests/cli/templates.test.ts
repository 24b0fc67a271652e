import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { runCli, startCli } from "../support/cli.ts";
import { testPython } from "../support/test-python.ts";

const ROW = { tenure_months: 3, monthly_price: 49.9, plan: "basic" };

test.each(["scikit-learn", "xgboost", "typescript"])(
  "a definition from the template %s trains, evaluates, publishes and serves as it stands",
  async (template) => {
    const project = { cwd: await testFolder({ "modelwright.json": "{}" }), home: await testFolder() };
    const variables = { PATH: `${dirname(testPython())}:${process.env["PATH"] ?? ""}` };
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const result = await runCli([...args, "--json"], { ...project, variables });
      expect({ exitCode: result.exitCode, stderr: result.stderr }, args.join(" ")).toEqual({ exitCode: 0, stderr: "" });
      return result.json;
    };
    await run("add", "churn", "--template", template);
    // Packages that the template pins and the tests' environment lacks would be an error.
    const asItIs = ["--no-install", "--strict"];
    await run("train", "churn", ...asItIs);
    expect(await run("evaluate", "churn", ...asItIs)).toMatchObject({
      run: { metrics: { accuracy: expect.any(Number) as number } },
    });
    await run("publish", "churn", ...asItIs, "--alias", "champion");
    const options = { ...project, variables };
    const server = await startCli(["serve", "churn@champion", "--port", "0", "--no-install"], options);
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
