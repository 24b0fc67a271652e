import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { isAlive, pidFrom } from "../process/support/processes.ts";
import { waitUntil } from "../process/support/wait-until.ts";
import { faultyProject, type CliError, type DefinitionFiles, type Language } from "./support/faulty-project.ts";

const TRAIN = ["train", "demo"];

/** A project whose `train` has this body; in Python it sees `data_conf` and `model_conf`, in TypeScript `dataConf` and `modelConf`. */
function projectWithTraining(language: Language, body: string, files: DefinitionFiles = {}) {
  const [path, text] =
    language === "python"
      ? [
          "model_modules/training.py",
          `import json, os, signal, subprocess, sys, time\n\ndef train(data_conf, model_conf, **kwargs):\n${indented(body)}\n`,
        ]
      : [
          "model_modules/index.ts",
          `import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
export async function train(dataConf, modelConf, context) {
${indented(body)}
}
`,
        ];
  return faultyProject(language, { [path]: text, ...files });
}

function indented(body: string): string {
  return body.replace(/^/gm, "    ");
}

/** Fails `train` in a run that is recorded, with exit code 6. */
async function failsToTrain(project: Awaited<ReturnType<typeof faultyProject>>, code: string, more: string[] = []) {
  return project.fails([...TRAIN, ...more], { exitCode: 6, code, recordsRun: true });
}

/** The hint names the files, a path at the end of a line, and they are there. */
function logsOf({ hint }: CliError): readonly string[] {
  const paths = hint.split("\n").flatMap((line) => /^(?:The whole log|What it printed): (.*)$/.exec(line)?.[1] ?? []);
  expect(paths.map(existsSync)).toEqual(paths.map(() => true));
  return paths;
}

describe("the model's code is at fault", () => {
  test("a hyperparameter is missing: the user's frames, the raising one, the message and the log are told (Python)", async () => {
    const project = await faultyProject("python", {
      "model_modules/training.py":
        "def train(data_conf, model_conf, **kwargs):\n    fit(model_conf['hyperParameters'])\n\n\ndef fit(parameters):\n    print('about to fit')\n    return parameters['max_depth']\n",
    });
    const error = await failsToTrain(project, "TRAINING_FAILED");
    const file = join(project.folder, "model_definitions/demo/model_modules/training.py");
    expect(error.message).toBe(
      [
        "Training demo failed.",
        "KeyError: 'max_depth'",
        `  at ${file}:2 in train`,
        "      fit(model_conf['hyperParameters'])",
        `  raised at ${file}:7 in fit`,
        "      return parameters['max_depth']",
      ].join("\n"),
    );
    const [stderr = "", stdout = ""] = logsOf(error);
    expect(await readFile(stderr, "utf8")).toContain("Traceback (most recent call last)");
    expect(await readFile(stdout, "utf8")).toBe("about to fit\n");
    expect(error.details["error"]).toMatchObject({ type: "KeyError", frames: [{ line: 2 }, { line: 7 }] });
  });

  test("a hyperparameter is missing: the lines of the TypeScript that was written are told", async () => {
    const project = await projectWithTraining("typescript", "return modelConf.hyper.depth;");
    const error = await failsToTrain(project, "TRAINING_FAILED");
    const file = join(project.folder, "model_definitions/demo/model_modules/index.ts");
    expect(error.message).toBe(
      [
        "Training demo failed.",
        "TypeError: Cannot read properties of undefined (reading 'depth')",
        `  raised at ${file}:4 in train`,
        "      return modelConf.hyper.depth;",
      ].join("\n"),
    );
    expect(logsOf(error)).toHaveLength(2);
  });

  test("people read the same as programs, without a frame of the tool", async () => {
    const project = await projectWithTraining("python", "raise ValueError('bad \\x1b[31m row')");
    const result = await project.run(TRAIN);
    expect(result.exitCode).toBe(6);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(
      /^error TRAINING_FAILED: Training demo failed\.\nValueError: bad \uFFFD\[31m row\n {2}raised at .*training\.py:4 in train\n.*\n {2}→ The whole log: .*\n {4}What it printed: .*\n$/,
    );
    expect(result.stderr).not.toContain("modelwright_runtime");
  });

  test("a module is missing (Python)", async () => {
    const project = await faultyProject("python", { "model_modules/training.py": "import nosuchmodule\n" });
    const error = await failsToTrain(project, "TRAINING_FAILED");
    expect(error.message).toMatch(/No module named 'nosuchmodule'\n {2}raised at .*training\.py:1 in <module>/);
  });

  test.each([
    [
      'import x from "nosuchmodule";\nexport function train() { x(); }\n',
      /index\.ts:1:15: .*"nosuchmodule"/,
      /npm install nosuchmodule/,
    ],
    [
      'import { x } from "./nosuch.ts";\nexport function train() { x(); }\n',
      /index\.ts:1:19: .*"\.\/nosuch\.ts"/,
      /Mend the path/,
    ],
    ["export function train( {\n", /index\.ts:2:1: Expected identifier/, /Mend the code/],
  ])("a module is missing or no TypeScript: %j", async (text, message, hint) => {
    const project = await faultyProject("typescript", { "model_modules/index.ts": text });
    const error = await failsToTrain(project, "BUNDLE_FAILED");
    expect(error.message).toMatch(message);
    expect(error.message).toContain(join(project.folder, "model_definitions/demo/model_modules/index.ts"));
    expect(error.hint).toMatch(hint);
  });

  test.each([
    ["python", "model_modules/training.py", "def other(): pass\n", /no train.*model_modules\.training\.train/],
    [
      "typescript",
      "model_modules/index.ts",
      "export function other() {}\n",
      /index\.ts does not export a function train/,
    ],
    ["python", "model_modules/training.py", "def train(a, b, c): pass\n", /train\(a, b, c\) cannot be called: missing/],
    ["python", "model_modules/training.py", "def train(a, b)\n", /SyntaxError[\s\S]*training\.py:1/],
  ] as const)("the function is missing or cannot be called: %s, %s, %j", async (language, path, text, message) => {
    const error = await failsToTrain(await faultyProject(language, { [path]: text }), "TRAINING_FAILED");
    expect(error.message).toMatch(message);
  });

  test.each([
    ["python", "open(data_conf['train'])", /No such file or directory: 'data\/nosuch\.csv'/],
    ["typescript", "readFileSync(dataConf.train);", /ENOENT: no such file or directory, open 'data\/nosuch\.csv'/],
  ] as const)(
    "a data file is missing (%s): the data configuration that names it is told",
    async (language, body, message) => {
      const data = { ".cli/datasets/train.json": { train: "data/nosuch.csv" } };
      const error = await failsToTrain(await projectWithTraining(language, body, data), "TRAINING_FAILED");
      expect(error.message).toMatch(message);
      expect(error.hint).toContain("data_conf/train names data/nosuch.csv, which does not exist.");
    },
  );

  test("declared variables that are not set are told", async () => {
    const declared = { id: "demo-1", name: "demo", language: "python", env: { pass: ["DEMO_DATABASE", "PATH"] } };
    const project = await projectWithTraining("python", "os.environ['DEMO_DATABASE']", { "model.json": declared });
    const error = await failsToTrain(project, "TRAINING_FAILED");
    expect(error.hint).toContain("not set: DEMO_DATABASE.");
  });

  test.each([
    ["python", "train(data_conf, model_conf)", "RecursionError"],
    ["typescript", "await train(dataConf, modelConf, context);", "RangeError"],
  ] as const)("endless recursion (%s) is told in a few lines", async (language, body, type) => {
    const error = await failsToTrain(await projectWithTraining(language, body), "TRAINING_FAILED");
    expect(error.message).toContain(type);
    expect(error.message).toContain("again and again");
    expect(error.message.split("\n").length).toBeLessThan(12);
  });

  test.each([
    ['await Promise.resolve();\nthrow new TypeError("late");', /TypeError: late\n {2}raised at .*index\.ts:5 in train/],
    [
      'setTimeout(() => { throw new Error("in a timer"); }, 1);\nawait new Promise((r) => setTimeout(r, 500));',
      /in a timer/,
    ],
    ['Promise.reject(new Error("nobody heard"));\nawait new Promise((r) => setTimeout(r, 500));', /nobody heard/],
    ["await new Promise(() => undefined);", /waits for a promise that nothing is left to settle/],
    ['throw "just text";', /The model threw 'just text'\./],
    ["throw undefined;", /The model threw undefined\./],
  ])("TypeScript that fails in its own ways: %s", async (body, message) => {
    const error = await failsToTrain(await projectWithTraining("typescript", body), "TRAINING_FAILED");
    expect(error.message).toMatch(message);
  });
});

describe("the model's process ends otherwise than by returning", () => {
  test.each([
    ["python", "os.kill(os.getpid(), signal.SIGKILL)"],
    ["typescript", "process.kill(process.pid, 'SIGKILL'); await new Promise((r) => setTimeout(r, 60_000));"],
  ] as const)("it is killed (%s)", async (language, body) => {
    const error = await failsToTrain(await projectWithTraining(language, body), "JOB_CRASHED");
    expect(error.message).toBe("Training demo failed: its process was ended by SIGKILL before train returned.");
    expect(error.hint).toMatch(/^Something outside the model ended it/);
    expect(error.details).toMatchObject({ exitCode: null, exitSignal: "SIGKILL" });
    expect(logsOf(error)).toHaveLength(2);
  });

  test.each([
    ["python", "print('last words', file=sys.stderr, flush=True); os.abort()", "last words"],
    ["typescript", "process.stderr.write('last words\\n'); process.abort();", "last words"],
  ] as const)("it crashes (%s): what it printed last is told", async (language, body, words) => {
    const error = await failsToTrain(await projectWithTraining(language, body), "JOB_CRASHED");
    expect(error.message).toMatch(/was ended by SIGABRT before train returned\.\nThe last that it printed:\n/);
    expect(error.message).toContain(`  ${words}`);
    expect(error.hint).toMatch(/^A library or the interpreter crashed/);
  });

  test.each([
    ["python", "sys.exit(3)", "TRAINING_FAILED", /called sys\.exit\(3\)\.\n {2}raised at .*training\.py:4/],
    ["python", "sys.exit('no luck')", "TRAINING_FAILED", /called sys\.exit\('no luck'\)/],
    ["python", "os._exit(0)", "JOB_CRASHED", /ended with exit code 0 before train returned/],
    ["python", "os._exit(7)", "JOB_CRASHED", /ended with exit code 7 before train returned/],
    ["typescript", "process.exit(0);", "TRAINING_FAILED", /called process\.exit\(0\)\.\n {2}raised at .*index\.ts:4/],
    ["typescript", "process.exit(3);", "TRAINING_FAILED", /called process\.exit\(3\)/],
  ] as const)("it exits by itself: %s, %s", async (language, body, code, message) => {
    const error = await failsToTrain(await projectWithTraining(language, body), code);
    expect(error.message).toMatch(message);
  });

  test.each(["sys.exit()", "sys.exit(0)"])("Python that says %s when all is done has succeeded", async (body) => {
    const project = await projectWithTraining("python", `open('models/model.txt', 'w').write('1')\n${body}`);
    expect(await project.succeeds(TRAIN)).toMatchObject({ run: { status: "succeeded" } });
  });

  test.each([
    ["python", "while True: pass"],
    ["typescript", "for (;;);"],
    ["typescript", "await new Promise((r) => setTimeout(r, 60_000));"],
  ] as const)("it hangs: %s, %s", async (language, body) => {
    const error = await failsToTrain(await projectWithTraining(language, body), "JOB_TIMED_OUT", ["--timeout", "0.7"]);
    expect(error.message).toBe("Training demo took longer than its limit of 0.7 s and was ended.");
    expect(error.hint).toMatch(/--timeout <seconds>/);
  });

  test.each([
    ["python", "held = []\nwhile True: held.append(bytearray(8_000_000))"],
    ["typescript", "const held = [];\nfor (;;) held.push(Buffer.alloc(8_000_000, 1));"],
  ] as const)("it uses too much memory (%s)", async (language, body) => {
    const project = await projectWithTraining(language, body);
    const error = await failsToTrain(project, "JOB_OUT_OF_MEMORY", ["--memory", "300Mi"]);
    expect(error.message).toBe("Training demo used more memory than its limit of 300 MiB and was ended.");
    expect(error.hint).toMatch(/--memory/);
  });

  test.each([
    ["python", "child = subprocess.Popen(['sleep', '600'])\nprint(child.pid, flush=True)\nraise RuntimeError('left')"],
    [
      "python",
      "child = subprocess.Popen(['sleep', '600'], start_new_session=True)\nprint(child.pid, flush=True)\nopen('models/m', 'w').close()",
    ],
    [
      "typescript",
      'const child = spawn("sleep", ["600"], { stdio: "ignore" });\nchild.unref();\nconsole.log(child.pid);\nthrow new Error("left");',
    ],
  ] as const)("it leaves a child behind, which ends with it: %s, %s", async (language, body) => {
    const project = await projectWithTraining(language, body);
    const result = await project.run(TRAIN);
    const { id } = (await project.newestRun()) as { id: string };
    const pid = await pidFrom(join(project.home, "runs", id, "job/stdout.log"));
    await waitUntil(() => !isAlive(pid));
    expect(result.exitCode).toBe(body.includes("left") ? 6 : 0);
  });
});

describe("what the model made is at fault", () => {
  test.each([
    ["python", "print('done')"],
    ["typescript", "console.log('done');"],
  ] as const)("nothing (%s)", async (language, body) => {
    const error = await failsToTrain(await projectWithTraining(language, body), "NO_ARTIFACTS");
    expect(error.message).toBe("Training demo ended well but wrote no model into models/ or artifacts/output/.");
    expect(logsOf(error)).toHaveLength(1);
  });

  test("a model beside the folder for it is named", async () => {
    const project = await projectWithTraining("python", "open('model.pkl', 'w').close()");
    const error = await failsToTrain(project, "NO_ARTIFACTS");
    expect(error.message).toContain("It wrote model.pkl into the working directory itself.");
  });

  test("a link that leads out of the working directory is no model, and is told as such", async () => {
    const project = await projectWithTraining("python", "os.symlink(os.devnull, 'models/model.pkl')");
    const error = await failsToTrain(project, "NO_ARTIFACTS");
    expect(error.message).toContain("models/model.pkl is a link to /dev/null, outside of the working directory");
  });

  test("a working directory that the code removed holds none", async () => {
    const project = await projectWithTraining("python", "import shutil\nshutil.rmtree(os.getcwd())");
    const error = await failsToTrain(project, "NO_ARTIFACTS");
    expect(error.message).toContain("It removed its working directory.");
  });

  test("metrics alone are no model", async () => {
    const project = await projectWithTraining("python", "open('models/evaluation.json', 'w').write('{\"a\": 1}')");
    await failsToTrain(project, "NO_ARTIFACTS");
  });

  test.each([
    [
      "python",
      "open('models/m', 'w').close()\nopen('artifacts/output/metrics.json', 'w').write('{\"accuracy\": 1}')\nraise RuntimeError('after')",
    ],
    [
      "typescript",
      'writeFileSync("models/m", "");\nwriteFileSync("artifacts/output/metrics.json", `{"accuracy": 1}`);\nthrow new Error("after");',
    ],
  ] as const)("metrics of a run that then raised are kept as evidence, not recorded (%s)", async (language, body) => {
    const project = await projectWithTraining(language, body);
    await failsToTrain(project, "TRAINING_FAILED");
    const { id, metrics } = (await project.newestRun()) as { id: string; metrics: object };
    expect(metrics).toEqual({});
    const evidence = await readFile(join(project.home, "runs", id, "work/artifacts/output/metrics.json"), "utf8");
    expect(JSON.parse(evidence)).toEqual({ accuracy: 1 });
  });

  test.each(["{broken", "[1, 2]", "", '"0.93"'])("metrics that read %j", async (text) => {
    const project = await projectWithTraining(
      "python",
      `open('models/m', 'w').close()\nopen('models/evaluation.json', 'w').write(${JSON.stringify(text)})`,
    );
    const error = await failsToTrain(project, "METRICS_MALFORMED");
    const { id } = (await project.newestRun()) as { id: string };
    expect(error.message).toContain(join(project.home, "runs", id, "work/models/evaluation.json"));
    expect(error.hint).toContain('{"accuracy": 0.93}');
  });

  test.each([
    [
      "python",
      "os.write(1, b'\\x00\\xff\\x1b[2J{\"protocol\": 9' * 10000)\nos.write(2, b'\\xff\\xfe' * 10000)\nopen('models/m', 'w').close()",
    ],
    [
      "typescript",
      'process.stdout.write(Buffer.alloc(100_000, 0xff));\nprocess.stderr.write(Buffer.alloc(100_000, 0xfe));\nwriteFileSync("models/m", "");',
    ],
  ] as const)("garbage that it prints does no harm (%s)", async (language, body) => {
    const project = await projectWithTraining(language, body);
    expect(await project.succeeds(TRAIN)).toMatchObject({ run: { status: "succeeded", artifacts: [{ name: "m" }] } });
  });

  test("a result or events of its own making are not believed", async () => {
    const body =
      "os.write(2, b'x')\nopen('../job/events.jsonl', 'a').write('{garbage\\n[1]\\n')\nopen('../job/result.json', 'w').write('{\"status\": \"succeeded\"}')\nos._exit(0)";
    await failsToTrain(await projectWithTraining("python", body), "JOB_CRASHED");
  });
});
