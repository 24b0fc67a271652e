import { expect, test } from "vitest";

import { Reading } from "../../reading.ts";
import type { PackageFile } from "../package-file.ts";
import { readPyproject } from "./read-pyproject.ts";

interface Outcome {
  readonly file: PackageFile | null;
  /** Code and place of each fault and warning. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

function read(text: string): Outcome {
  const reading = new Reading({ root: "/p/my models/m", entries: [], texts: new Map(), unreadable: [] }, "m");
  const file = readPyproject({ reading, path: "code/pyproject.toml", text });
  const [faults, warnings] = [reading.faults, reading.warnings].map((found) =>
    found.map(({ code, where }) => `${code} ${where.replace("m/code/pyproject.toml", "")}`),
  );
  return { file, faults: faults ?? [], warnings: warnings ?? [] };
}

function both(...lines: readonly string[]): Partial<PackageFile> {
  return { train: lines, predict: lines };
}

test("the dependencies of a project are taken as they are", () => {
  const { file, faults } = read(`
    [build-system]
    requires = ["setuptools"]
    [project]
    name = "m"
    requires-python = " >=3.8,<3.12 "
    dependencies = [
      "numpy>=1.20", "six == 1.16.0 ; python_version < '4'", "A_b.c[x, y]", "z(>=1)",
      "m2 @ https://example.org/m.zip", """pandas
      >=2""",
    ]
    [project.optional-dependencies]
    dev = ["pytest", 1]
  `);
  const lines = [
    "numpy>=1.20",
    "six == 1.16.0 ; python_version < '4'",
    "A_b.c[x, y]",
    "z(>=1)",
    "m2 @ https://example.org/m.zip",
    "pandas >=2",
  ];
  expect({ file, faults }).toEqual({ file: { ...both(...lines), requiresPython: ">=3.8,<3.12" }, faults: [] });
});

test("packages in files of the project are named by their whole address", () => {
  const { file } = read(`
    [project]
    dependencies = ["a @ file:libs/a.whl", "b[x] @ ./b ; python_version > '3'", "c @ file:///c.whl"]
  `);
  expect(file?.train).toEqual([
    "a @ file:///p/my%20models/m/code/libs/a.whl",
    "b[x] @ file:///p/my%20models/m/code/b ; python_version > '3'",
    "c @ file:///c.whl",
  ]);
});

test("extras and groups called train and predict belong to one of the two alone", () => {
  const { file } = read(`
    [project]
    dependencies = ["a"]
    [project.optional-dependencies]
    Train = ["t"]
    predict = ["p"]
    [dependency-groups]
    train = ["g", { include-group = "More_Tools" }]
    more-tools = ["h", { include-group = "train" }]
  `);
  expect(file).toMatchObject({ train: ["a", "t", "g", "h"], predict: ["a", "p"] });
  expect(read("[dependency-groups]\ntrain = ['t']").file).toMatchObject({ train: ["t"], predict: [] });
});

test("a project that names itself with an extra means that extra, not a package of the index", () => {
  const { file, faults } = read(`
    [project]
    name = "My.Model"
    dependencies = ["a", "my-model[plots]"]
    [project.optional-dependencies]
    plots = ["b", "my_model[plots, fonts]"]
    fonts = ["c"]
    train = ["my-model[plots,nothing]"]
  `);
  expect(file).toMatchObject({ train: ["a", "b", "c"], predict: ["a", "b", "c"] });
  expect(faults).toEqual(["REQUIREMENTS_MALFORMED #/project/optional-dependencies/train/0"]);
});

test("what is no requirement is a fault at its place", () => {
  const { faults } = read(`
    [project]
    requires-python = 3.8
    dependencies = ["numpy 1.19", "-r more.txt", "", 1, "ok", { include-group = "absent" }, "[x]"]
    optional-dependencies = ["a"]
    [dependency-groups]
    train = "a"
  `);
  expect(faults.map((fault) => fault.replace("REQUIREMENTS_MALFORMED #/", "")).sort()).toEqual([
    "dependency-groups/train",
    "project/dependencies/0",
    "project/dependencies/1",
    "project/dependencies/2",
    "project/dependencies/3",
    "project/dependencies/5",
    "project/dependencies/6",
    "project/optional-dependencies",
    "project/requires-python",
  ]);
});

test("the dependencies of Poetry are translated, python is none of them", () => {
  const { file, faults } = read(`
    [tool.poetry]
    name = "m"
    [tool.poetry.dependencies]
    python = "~2.7 || ^3.8"
    numpy = "^1.20"
    Six = { version = "1.16.0", extras = [], python = "<4" }
    torch = [
      { version = "1.13.*", platform = "darwin" },
      { version = "^2.0", platform = "linux" },
    ]
    lib = { path = "../lib.whl" }
    plots = { version = "*", optional = true }
    fonts = { version = "*", optional = true }
    [tool.poetry.extras]
    train = ["Plots"]
    other = ["fonts"]
    [tool.poetry.group.predict.dependencies]
    fastapi = "*"
    [tool.poetry.group.dev.dependencies]
    pytest = "x"
  `);
  const base = [
    "numpy>=1.20,<2",
    'Six==1.16.0; python_version < "4"',
    'torch==1.13.*; sys_platform == "darwin"',
    'torch>=2.0,<3; sys_platform == "linux"',
    "lib @ file:///p/my%20models/m/lib.whl",
  ];
  expect({ file, faults }).toEqual({
    file: { train: [...base, "plots"], predict: [...base, "fastapi"], requiresPython: ">=2.7,<2.8 || >=3.8,<4" },
    faults: [],
  });
});

test("of several ranges the last is used, with a warning", () => {
  const { file, warnings } = read("[tool.poetry.dependencies]\na = '^1 || ^2'\npython = '*'");
  expect(file).toEqual({ ...both("a>=2,<3"), requiresPython: null });
  expect(warnings).toEqual(["REQUIREMENT_NARROWED #/tool/poetry/dependencies/a"]);
});

test("what Poetry could not read either is a fault at its place", () => {
  const { faults } = read(`
    [tool.poetry.dependencies]
    python = 3.8
    a = 1.10
    b = "newest"
    c = { optional = true }
    "d e" = "1"
    [tool.poetry.group.train]
    dependencies = { f = { version = "1", markers = 1 } }
  `);
  expect(faults.map((fault) => fault.replace("REQUIREMENTS_MALFORMED #/tool/poetry/", "")).sort()).toEqual([
    "dependencies/a",
    "dependencies/b",
    "dependencies/c",
    "dependencies/d e",
    "dependencies/python",
    "group/train/dependencies/f",
  ]);
  expect(read("tool.poetry.dependencies = ['a']").faults).toEqual([
    "REQUIREMENTS_MALFORMED #/tool/poetry/dependencies",
  ]);
});

test("the list of a project wins over Poetry's, which stands in where the project leaves it out", () => {
  const poetry = "[tool.poetry.dependencies]\npython = '^3.9'\na = '1'";
  expect(read(`[project]\ndependencies = ['b']\n${poetry}`).file).toEqual({ ...both("b"), requiresPython: null });
  expect(read(`[project]\ndynamic = ['dependencies']\n${poetry}\n[dependency-groups]\ntrain = ['t']`)).toEqual({
    file: { train: ["a==1", "t"], predict: ["a==1"], requiresPython: ">=3.9,<4" },
    faults: [],
    warnings: [],
  });
});

test("sources other than pip's index are pointed out where packages are named", () => {
  const sources =
    "[[tool.poetry.source]]\nname = 's'\n[tool.uv.sources]\na = { path = 'a' }\n[[tool.uv.index]]\nurl = 'x'";
  expect(read(`[project]\ndependencies = ['a']\n${sources}`).warnings).toEqual([
    "REQUIREMENT_LEFT_OUT #/tool/poetry/source",
    "REQUIREMENT_LEFT_OUT #/tool/uv/index",
    "REQUIREMENT_LEFT_OUT #/tool/uv/sources",
  ]);
  expect(read(sources)).toEqual({ file: null, faults: [], warnings: [] });
});

test.each(["", "[tool.black]\nx = 1", "[project]\nname = 'm'", "tool = 1", "project = 1979-05-27", "[tool.poetry]"])(
  "%j names no packages",
  (text) => {
    expect(read(text)).toEqual({ file: null, faults: [], warnings: [] });
  },
);

test("settings of other tools do no harm: huge numbers, odd names", () => {
  const odd = "[tool.x]\nn = 99999999999999999999\n__proto__.y = 1\nconstructor = 2\n";
  expect(read(`${odd}[project]\ndependencies = ['a']`)).toEqual({
    file: { ...both("a"), requiresPython: null },
    faults: [],
    warnings: [],
  });
});

test.each([
  ["[project\n", ":1:9"],
  ["a = 1\na = 2\n", ":2:"],
  [`a = ${"[".repeat(50_000)}`, ":1:"],
  ["a = '\0'", ":1:6"],
])("broken TOML is a fault with line and column", (text, place) => {
  const { file, faults } = read(text);
  expect(file).toBeNull();
  expect(faults).toEqual([expect.stringContaining(`REQUIREMENTS_MALFORMED ${place}`)]);
});
