import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";

import { runPythonJob, seenBy, trainReporting, type JobRun } from "../support/python-testbed.ts";

const SUCCESS = {
  protocol: 1,
  status: "succeeded",
  error: null,
  peakMemoryBytes: expect.any(Number) as number,
  seeds: expect.any(Object) as object,
  threads: { processors: expect.any(Number) as number },
};

function expectSuccess(run: JobRun): void {
  expect(run.result, run.stderr).toEqual(SUCCESS);
  expect(run.exit).toEqual({ exitCode: 0, signal: null });
}

async function errorOf(files: Readonly<Record<string, string>>, kind: "train" | "evaluate" = "train") {
  const run = await runPythonJob({ files }, { kind });
  expect(run.exit).toEqual({ exitCode: 1, signal: null });
  expect(run.result?.status).toBe("failed");
  return { run, error: run.result?.error };
}

describe("the entry point", () => {
  const body = "def train(data_conf, model_conf, **kwargs):\n    open('models/m', 'w').write(__name__)\n";

  test.each([
    ["stands in the package", { "model_modules/__init__.py": body }, "model_modules"],
    [
      "is imported into the package, relatively",
      {
        "model_modules/__init__.py": "from .training import train",
        "model_modules/training.py": `from .deep.shared import X\n${body}`,
        "model_modules/deep/__init__.py": "",
        "model_modules/deep/shared.py": "from ..other import X",
        "model_modules/other.py": "X = 1",
      },
      "model_modules.training",
    ],
    [
      "is in training.py, and the package imports nothing",
      { "model_modules/__init__.py": "", "model_modules/training.py": body },
      "model_modules.training",
    ],
    [
      "is in training.py, and there is no __init__.py",
      { "model_modules/training.py": `from . import other\n${body}`, "model_modules/other.py": "" },
      "model_modules.training",
    ],
    [
      "is behind a submodule of the same name",
      {
        "model_modules/__init__.py": "from . import train",
        "model_modules/train.py": "",
        "model_modules/training.py": body,
      },
      "model_modules.training",
    ],
    ["stands in a single file", { "model_modules.py": body }, "model_modules"],
  ])("%s", async (_, files, module) => {
    const run = await runPythonJob({ files });
    expectSuccess(run);
    expect(await readFile(join(run.spec.workFolder, "models/m"), "utf8")).toBe(module);
  });

  test.each(["scoring", "evaluation"])("evaluate is found in %s.py", async (module) => {
    const text = "def evaluate(data_conf, model_conf, **kwargs): open('models/evaluation.json', 'w').write('{}')";
    const files = { "model_modules/__init__.py": "", [`model_modules/${module}.py`]: text };
    expectSuccess(await runPythonJob({ files }, { kind: "evaluate" }));
  });

  test("that is nowhere is an error that lists what was looked for", async () => {
    const { error } = await errorOf(
      { "model_modules/__init__.py": "evaluate = 3", "model_modules/scoring.py": "" },
      "evaluate",
    );
    expect(error).toMatchObject({ type: "EntryPointMissing", frames: [] });
    expect(error?.message).toBe(
      "The model has no evaluate. Looked for: model_modules.evaluate (a int, not callable); " +
        "model_modules.scoring.evaluate; model_modules.evaluation.evaluate (there is no module model_modules.evaluation).",
    );
  });

  test("of a folder without a package, or of a single file, is told missing too", async () => {
    expect((await errorOf({ "config.json": "{}" })).error?.message).toMatch(
      /There is no package model_modules in .*code/,
    );
    expect((await errorOf({ "model_modules.py": "" })).error?.message).toContain("no module model_modules.training");
  });

  test("an import that fails inside the model shows the model's own traceback", async () => {
    const { error } = await errorOf({
      "model_modules/__init__.py": "from .training import train",
      "model_modules/training.py": "\nimport package_that_is_nowhere\n",
    });
    expect(error).toMatchObject({
      type: "ModuleNotFoundError",
      message: "No module named 'package_that_is_nowhere'",
      frames: [
        { line: 1, function: "<module>", source: "from .training import train", isUser: true },
        { line: 2, function: "<module>", source: "import package_that_is_nowhere", isUser: true },
      ],
    });
  });

  test("a module that the fallback itself lacks is not taken for a missing fallback", async () => {
    const { error } = await errorOf({
      "model_modules/__init__.py": "",
      "model_modules/training.py": "from .training_parts import x",
    });
    expect(error?.message).toBe("No module named 'model_modules.training_parts'");
  });

  test("every definition's package is called model_modules, and each run gets its own", async () => {
    const runs = await Promise.all(
      ["one", "two"].map((word) => runPythonJob({ files: trainReporting("a, b", JSON.stringify(word)) })),
    );
    expect(await Promise.all(runs.map(seenBy))).toEqual(["one", "two"]);
  });
});

describe("the arguments", () => {
  const DATA = { table: "t" };
  const CONF = { hyperParameters: { "n.trees": 3 } };
  const IDS = { model_id: "m-1", model_table: "t_1", model_version: "v-1" };

  test.each([
    [
      "data_conf, model_conf, **kwargs",
      "[data_conf, model_conf, sorted(kwargs)]",
      [DATA, CONF, [...Object.keys(IDS), "progress_callback_handler"]],
    ],
    ["conf, hyper", "[conf, hyper]", [DATA, CONF]],
    ["model_conf, data_conf", "[data_conf, model_conf]", [DATA, CONF]],
    ["conf, model_conf, model_version, epochs=5", "[conf, model_conf, model_version, epochs]", [DATA, CONF, "v-1", 5]],
    [
      "data_conf, /, model_conf, *, model_id, depth=2",
      "[data_conf, model_conf, model_id, depth]",
      [DATA, CONF, "m-1", 2],
    ],
    ["*args, **kwargs", "[list(args), kwargs['model_id']]", [[DATA, CONF], "m-1"]],
    ["**kwargs", "[kwargs['data_conf'], kwargs['model_conf'], kwargs['model_table']]", [DATA, CONF, "t_1"]],
    ["data_conf, **kwargs", "[data_conf, kwargs['model_conf']]", [DATA, CONF]],
    ["*, model_conf, data_conf", "[data_conf, model_conf]", [DATA, CONF]],
    ["data_conf, model_conf, args=1, /, *, model_id=None", "[args, model_id]", [1, "m-1"]],
    ["", "1", 1],
  ])("train(%s)", async (signature, expression, expected) => {
    const run = await runPythonJob({ files: trainReporting(signature, expression) });
    expectSuccess(run);
    expect(await seenBy(run)).toEqual(expected);
  });

  test.each([
    ["functools.wraps", "@keep", "data_conf, model_conf, model_id"],
    ["a decorator with fewer parameters", "@narrow", "data_conf, model_conf, extra=None"],
  ])("of a function behind %s", async (_, decorator, signature) => {
    const files = {
      "model_modules/__init__.py": `
import functools
def keep(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
def narrow(function):
    @functools.wraps(function)
    def wrapper(a, b):
        return function(a, b)
    return wrapper
${decorator}
def train(${signature}):
    assert data_conf["table"] == "t" and "hyperParameters" in model_conf
`,
    };
    expectSuccess(await runPythonJob({ files }));
  });

  test.each([
    ["an object", "class Job:\n    def __call__(self, data_conf, model_conf): pass\ntrain = Job()"],
    ["a partial", "import functools\ndef go(a, data_conf, model_conf): pass\ntrain = functools.partial(go, 1)"],
    ["a class", "class train:\n    def __init__(self, data_conf, model_conf, model_id): pass"],
    ["a callable written in C that does not tell its parameters", "train = max\nmax = None"],
  ])("of %s", async (_, text) => {
    const run = await runPythonJob({ files: { "model_modules/__init__.py": text } });
    if (text.includes("max")) expect(run.result?.error?.message).toContain("not supported between instances of 'dict'");
    else expectSuccess(run);
  });

  test("that nothing is offered for are named", async () => {
    const { error } = await errorOf({ "model_modules/__init__.py": "def train(data_conf, model_conf, epochs): pass" });
    expect(error).toMatchObject({ type: "EntryPointMismatch" });
    expect(error?.message).toContain("missing a required argument: 'epochs'");
    expect(error?.message).toContain("Offered are: data_conf, model_conf, model_id,");
  });

  test("a context has all of its attributes, also as keys", async () => {
    const expression = `[
      context.hyperparams, context["hyperparams"] is context.hyperparams, context.job_id, context.model_id,
      context.model_version, context.model_table, context.project_id, context.dataset_info.sql,
      context.dataset_info["feature_names"], context.dataset_info.entity_key, context.dataset_info.target_names,
      context.dataset_info.feature_metadata_monitored, context.dataset_info.predictions_table,
      context.dataset_info.own_field, hasattr(context, "nothing"), model_id, sorted(kwargs),
      context.artifact_input_path, context.artifact_output_path]`;
    const run = await runPythonJob(
      { files: trainReporting("context, model_id, **kwargs", expression) },
      { context: { jobId: "j", projectId: "p", datasetInfo: { sql: "select 1", feature_names: ["a"], own_field: 7 } } },
    );
    expectSuccess(run);
    expect(await seenBy(run)).toEqual([
      ...[{ "n.trees": 3 }, true, "j", "m-1", "v-1", "t_1", "p", "select 1", ["a"]],
      ...[null, null, null, null, 7, false, "m-1"],
      ["model_table", "model_version", "progress_callback_handler"],
      join(run.spec.workFolder, "artifacts/input"),
      join(run.spec.workFolder, "artifacts/output"),
    ]);
  });

  test("a Spark session is not to be had here, which is said", async () => {
    const { error } = await errorOf({ "model_modules/__init__.py": "def train(spark, data_conf, model_conf): pass" });
    expect(error).toMatchObject({ type: "SparkUnsupported" });
  });
});

describe("the surroundings", () => {
  test("are the work folder, and a module path without folders of the tool", async () => {
    const expression = "[__import__('os').getcwd(), __import__('sys').path, __import__('sys').argv[1:]]";
    const files = { ...trainReporting("a, b", expression), "job.py": "", "context.py": "MINE = 1", "json.py": "1/0" };
    const run = await runPythonJob({ files });
    expectSuccess(run);
    const [cwd, path, argv] = (await seenBy(run)) as [string, string[], string[]];
    expect(cwd).toBe(run.spec.workFolder);
    expect(argv).toEqual([]);
    expect(path[0]).toBe(run.spec.codeRoot);
    expect(path.filter((folder) => folder.includes("runtimes") || folder === cwd || folder === "")).toEqual([]);
  });

  test("a module of the model wins over one of the tool's that has the same name", async () => {
    const files = {
      ...trainReporting("a, b", "[job.MINE, worker.MINE, serving.MINE]", "import job, worker, serving"),
      "job.py": "MINE = 1",
      "worker.py": "MINE = 2",
      "serving.py": "MINE = 3",
    };
    const run = await runPythonJob({ files });
    expect(await seenBy(run)).toEqual([1, 2, 3]);
  });

  test("nothing is ever written beside the sources", async () => {
    const files = {
      "model_modules/__init__.py": "from .training import train",
      "model_modules/training.py":
        "import shared\ndef train(a, b):\n    import subprocess, sys\n    subprocess.run([sys.executable, '-c', 'import shared'], cwd=shared.HERE, check=True)",
      "shared.py": "import os\nHERE = os.path.dirname(__file__)",
    };
    const run = await runPythonJob({ files });
    expectSuccess(run);
    const found = await readdir(run.spec.codeRoot, { recursive: true });
    expect(found.sort()).toEqual(["model_modules", ...Object.keys(files)].sort());
    expect(
      (
        await readdir(join(import.meta.dirname, "../../runtimes/python/modelwright_runtime"), { recursive: true })
      ).filter((name) => name.endsWith(".pyc")),
    ).toEqual([]);
  });

  const GO = `
def go():
    import random, sys
    early = [name in sys.modules for name in ("torch", "tensorflow", "numpy")]
    import torch, tensorflow, numpy
    return [early, random.random(), torch.SEEDS, tensorflow.random.SEEDS, hash("text")]
`;

  test("random numbers are the seed's, also of libraries that are imported later", async () => {
    const stand_in = (seeder: string) => `SEEDS = []\ndef ${seeder}(seed): SEEDS.append(seed)`;
    const files = {
      ...trainReporting("a, b", "go()", GO),
      "torch/__init__.py": `${stand_in("manual_seed")}\ndef get_num_threads(): raise RuntimeError('changed')`,
      "tensorflow/__init__.py": "from . import random",
      "tensorflow/random.py": stand_in("set_seed"),
      "numpy/__init__.py": "from . import random",
      "numpy/random/__init__.py": "def seed(value): raise RuntimeError('changed')",
    };
    const [one, two] = await Promise.all([runPythonJob({ files }), runPythonJob({ files })]);
    expectSuccess(one);
    expect(await seenBy(one)).toEqual(await seenBy(two));
    expect(((await seenBy(one)) as unknown[]).slice(0, 4)).toEqual([
      [false, false, false],
      0.6394267984578837,
      [42],
      [42],
    ]);
    expect(one.stderr).toBe("Could not seed numpy.random: changed\nCould not count threads: changed\n");
    expect(one.result?.seeds).toEqual({ random: 42, torch: 42, tensorflow: 42, PYTHONHASHSEED: 0 });
  });

  test("processes that multiprocessing spawns run the model's code, not the job once more", async () => {
    const files = {
      "model_modules/__init__.py": `
import multiprocessing
from .work import square
def train(data_conf, model_conf):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(square, [1, 2, 3]) == [1, 4, 9]
`,
      "model_modules/work.py": "def square(x): return x * x",
    };
    expectSuccess(await runPythonJob({ files }));
  });
});

describe("progress", () => {
  test("each call is one event, whatever it is given, and nothing is raised into the model", async () => {
    const files = trainReporting(
      "data_conf, model_conf, progress_callback_handler",
      `[progress_callback_handler(iter=1, epoc=2, score=0.5, self="me", values="mine"),
        progress_callback_handler({"a": 1}, loss=float("nan")),
        progress_callback_handler(odd=object, text="é", none=None),
        progress_callback_handler(big="x" * 100000)]`,
    );
    const run = await runPythonJob({ files });
    expectSuccess(run);
    expect(run.events).toEqual([
      {
        type: "progress",
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/) as string,
        fields: { iter: 1, epoc: 2, score: 0.5, self: "me", values: "mine" },
      },
      { type: "progress", at: expect.anything() as string, fields: { loss: "NaN", values: [{ a: 1 }] } },
      {
        type: "progress",
        at: expect.anything() as string,
        fields: { odd: "<class 'object'>", text: "é", none: null },
      },
      {
        type: "progress",
        at: expect.anything() as string,
        fields: { omitted: expect.stringMatching(/^100\d+ characters$/) as string },
      },
    ]);
  });

  test("an events file that cannot be written costs nothing", async () => {
    const files = trainReporting("data_conf, model_conf, progress_callback_handler", "progress_callback_handler(a=1)");
    expectSuccess(await runPythonJob({ files }, { eventsFile: "/nowhere/at/all.jsonl" }));
  });
});

describe("the outcome", () => {
  test("a run that raises after writing metrics has failed, and the file is left", async () => {
    const { run, error } = await errorOf(
      {
        "model_modules/__init__.py": `
import os
def evaluate(data_conf, model_conf, **kwargs):
    open("models/evaluation.json", "w").write('{"accuracy": 0.9}')
    deeper(data_conf)
def deeper(data):
    import json
    json.loads("{")
`,
      },
      "evaluate",
    );
    expect(await readFile(join(run.spec.workFolder, "models/evaluation.json"), "utf8")).toContain("0.9");
    expect(error?.type).toBe("JSONDecodeError");
    const frames = error?.frames.map((frame) => [basename(frame.file), frame.function, frame.isUser]);
    expect(frames?.slice(0, 3)).toEqual([
      ["__init__.py", "evaluate", true],
      ["__init__.py", "deeper", true],
      ["__init__.py", "loads", false],
    ]);
    expect(error?.frames.at(-1)).toMatchObject({ function: "raw_decode", isUser: false });
    expect(error?.frames[1]).toMatchObject({ line: 8, source: 'json.loads("{")' });
    // The whole traceback is in the log, from the model's first frame on.
    expect(run.stderr).toMatch(
      /^Traceback \(most recent call last\):\n {2}File ".*model_modules\/__init__\.py", line 5, in evaluate/,
    );
    expect(run.stderr).not.toContain("modelwright_runtime");
  });

  test.each([
    ["sys.exit()", true],
    ["sys.exit(0)", true],
    ["sys.exit(3)", false],
    ["sys.exit('no data')", false],
    ["sys.exit('')", false],
    ["raise KeyboardInterrupt", false],
    ["raise GeneratorExit", false],
  ])("%s inside the model", async (statement, isSuccess) => {
    const run = await runPythonJob({
      files: { "model_modules/__init__.py": `import sys\ndef train(a, b):\n    ${statement}` },
    });
    expect(run.exit).toEqual({ exitCode: isSuccess ? 0 : 1, signal: null });
    expect(run.result?.status).toBe(isSuccess ? "succeeded" : "failed");
  });

  test("sys.exit(0) before the model's function has run is no success", async () => {
    const { error } = await errorOf({ "model_modules/__init__.py": "import sys\nsys.exit(0)" });
    expect(error).toMatchObject({ type: "SystemExit", message: "The model called sys.exit(0)." });
  });

  test.each([
    ["os._exit(0)", { exitCode: 0, signal: null }],
    ["os._exit(7)", { exitCode: 7, signal: null }],
    ["os.kill(os.getpid(), 9)", { exitCode: null, signal: "SIGKILL" }],
    ["os.abort()", { exitCode: null, signal: "SIGABRT" }],
  ])("%s leaves no result, so that the tool sees a crash", async (statement, exit) => {
    const run = await runPythonJob({
      files: { "model_modules/__init__.py": `import os\ndef train(a, b):\n    ${statement}` },
    });
    expect(run.exit).toEqual(exit);
    expect(run.result).toBeNull();
    expect((await readdir(join(run.spec.resultFile, ".."))).sort()).toEqual(["job.json", "stderr.log", "stdout.log"]);
  });

  test("a fork that comes back from the model is not a second job", async () => {
    const files = {
      "model_modules/__init__.py": `
import os, sys, time
def train(data_conf, model_conf):
    child = os.fork()
    if child == 0:
        return
    os.waitpid(child, 0)
    assert not os.path.exists(os.path.join(os.getcwd(), "..", "job", "result.json"))
`,
    };
    expectSuccess(await runPythonJob({ files }));
  });

  test.each([
    [
      "a syntax error shows its line",
      "x = 1\ndef train(:\n",
      { type: "SyntaxError", frames: [{ line: 2, source: "def train(:", isUser: true }] },
    ],
    [
      "an unreadable message",
      "class E(Exception):\n    def __str__(self): raise SystemExit\ndef train(a, b): raise E()",
      { type: "E", message: "(the error has no readable message: its __str__ raised SystemExit)" },
    ],
    [
      "a long message is cut",
      "def train(a, b): raise ValueError('x' * 10000)",
      { message: expect.stringMatching(/^x{4000}… \(10000 characters in all\)$/) as string },
    ],
    [
      "causes are told",
      "def train(a, b):\n    try: {}['k']\n    except KeyError as e: raise ValueError('bad') from e",
      { type: "ValueError", message: "bad\nCaused by KeyError: 'k'" },
    ],
    ["characters that are none", "def train(a, b): raise ValueError('\\udc80')", { message: "\udc80" }],
  ])("%s", async (_, text, expected) => {
    const { error } = await errorOf({ "model_modules/__init__.py": text });
    expect(error).toMatchObject(expected);
  });

  test("endless recursion is an error with its first and last frames", async () => {
    const { error } = await errorOf({
      "model_modules/__init__.py": "def train(a, b): return deep(1)\ndef deep(n): return deep(n + 1)",
    });
    expect(error?.type).toBe("RecursionError");
    expect(error?.frames).toHaveLength(40);
    expect(error?.frames[0]).toMatchObject({ function: "train" });
  });

  test("a user's frame is not one of a package that happens to lie in the code root", async () => {
    const { error } = await errorOf({
      "model_modules/__init__.py":
        "import sys, os\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), '../.venv/site-packages'))\nimport lib\ndef train(a, b): lib.go()",
      ".venv/site-packages/lib.py": "def go(): raise ValueError",
    });
    expect(error?.frames.map((frame) => frame.isUser)).toEqual([true, false]);
  });

  test("whatever the model prints is in the log, and no odd character stops it", async () => {
    const files = {
      "model_modules/__init__.py":
        "import sys\ndef train(a, b):\n    print('{\"status\": \"failed\"}', 'é\\udc80')\n    sys.stdout.write('no line end')\n    sys.stdout = None",
    };
    const run = await runPythonJob({ files, variables: { LC_ALL: "C", PYTHONCOERCECLOCALE: "0", PYTHONUTF8: "0" } });
    expectSuccess(run);
    expect(run.stdout).toBe('{"status": "failed"} é\\udc80\nno line end');
  });

  test("peak memory is the model's, not the tool's", async () => {
    const small = await runPythonJob({ files: trainReporting("a, b", "1") });
    const large = await runPythonJob({ files: trainReporting("a, b", "len(b'x' * 200_000_000)") });
    expect(small.result?.peakMemoryBytes).toBeLessThan(60_000_000);
    expect(large.result?.peakMemoryBytes).toBeGreaterThan(200_000_000);
  });

  test("handlers that the model left for the end run before the process ends", async () => {
    const files = {
      "model_modules/__init__.py":
        "import atexit, threading, time\ndef late(): open('models/late', 'w').close()\ndef train(a, b): atexit.register(late)",
    };
    const run = await runPythonJob({ files });
    expectSuccess(run);
    expect(await readdir(join(run.spec.workFolder, "models"))).toEqual(["late"]);
  });

  test("a protocol that the runtime does not know ends it with a message", async () => {
    const run = await runPythonJob({ files: {} }, { protocol: 2 as 1 });
    expect(run.result).toBeNull();
    expect(run.stderr).toContain("speaks protocol 2, this runtime 1.");
  });
});
