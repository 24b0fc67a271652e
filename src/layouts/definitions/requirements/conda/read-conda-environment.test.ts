import { expect, test } from "vitest";

import { processorTime } from "../../../../../tests/support/processor-time.ts";
import { Reading } from "../../reading.ts";
import type { PackageFile } from "../package-file.ts";
import { readCondaEnvironment } from "./read-conda-environment.ts";

interface Outcome {
  readonly file: PackageFile | null;
  /** Code and place of each fault and warning. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly messages: readonly string[];
}

function read(text: string, texts: ReadonlyMap<string, string> = new Map()): Outcome {
  const reading = new Reading({ root: "/p/m", entries: [], texts, unreadable: [] }, "m");
  const file = readCondaEnvironment({ reading, path: "code/environment.yml", text });
  const [faults, warnings] = [reading.faults, reading.warnings].map((found) =>
    found.map(({ code, where }) => `${code} ${where.replace("m/code/environment.yml", "")}`),
  );
  const messages = [...reading.faults, ...reading.warnings].map(({ message }) => message);
  return { file, faults: faults ?? [], warnings: warnings ?? [], messages };
}

test("packages of conda become those of the package index", () => {
  const { file, faults, warnings } = read(`
name: churn
channels: [conda-forge, defaults]
dependencies:
  - python=3.8
  - pip
  - numpy=1.10   # stays 1.10
  - conda-forge::scikit-learn=0.24.2=py38_0
  - pytorch>=1.8,<2
  - "pandas 1.*"
  - numpy=1.10
  - no
  - pip:
      - six==1.16.0
      - 'xgboost[x] ; python_version < "4"'
prefix: /opt/conda/envs/churn
`);
  const lines = [
    "numpy==1.10.*",
    "scikit-learn==0.24.2",
    "torch>=1.8,<2",
    "pandas==1.*",
    "no",
    "six==1.16.0",
    'xgboost[x] ; python_version < "4"',
  ];
  expect(file).toEqual({ train: lines, predict: lines, requiresPython: "==3.8.*" });
  expect([...faults, ...warnings]).toEqual([]);
});

test("entries of pip stand as in a requirements file: they may include one, and paths hold in every folder", () => {
  const texts = new Map([["code/requirements-more.txt", "a\n-e ./pkg\n"]]);
  const entries = "[-r requirements-more.txt, -c ../limits.txt, ./x.whl, '--find-links wheels', 'b # why']";
  expect(read(`dependencies: [{pip: ${entries}}]`, texts).file?.train).toEqual([
    "a",
    "-e /p/m/code/pkg",
    "",
    "-c /p/m/limits.txt",
    "/p/m/code/x.whl",
    "--find-links /p/m/code/wheels",
    "b # why",
  ]);
});

test("what is no Python package is left out, with one warning that names it all", () => {
  const { file, warnings, messages } = read(
    "dependencies:\n- six\n- cudatoolkit=11.1\n- _libgcc_mutex=0.1=main\n- r-base\n- cudatoolkit\n",
  );
  expect(file?.train).toEqual(["six"]);
  expect(warnings).toEqual(["REQUIREMENT_LEFT_OUT :3:3"]);
  expect(messages).toEqual(["Left out, since they are no Python packages: cudatoolkit, _libgcc_mutex, r-base."]);
  // C libraries have versions that the package index does not know.
  expect(read("dependencies: [six=1.16.0=pyh6c4a22f_0, jpeg=9e=h5eee18b_1, openssl=1.1.1w]")).toMatchObject({
    file: { train: ["six==1.16.0"] },
    faults: [],
  });
  expect(read("dependencies: [six=9e-x]").faults).toEqual(["REQUIREMENTS_MALFORMED :1:16"]);
  expect(read("dependencies: [gcc]").messages).toEqual(["Left out, since it is no Python package: gcc."]);
});

test("of several ranges the last is used, with a warning; of Pythons any will do", () => {
  const { file, warnings } = read("dependencies:\n- numpy=1.11|1.13\n- python 3.8.*|3.10.*\n");
  expect(file).toMatchObject({ train: ["numpy==1.13.*"], requiresPython: "==3.8.* || ==3.10.*" });
  expect(warnings).toEqual(["REQUIREMENT_NARROWED :2:3"]);
});

test("what is no package is a fault at its line", () => {
  const { faults } = read(`dependencies:
- numpy=^1.*$
- [a]
- {pip: a}
- {pip: [[b], "c\\nd"]}
- {sel(linux): x}
- &x six
- *x
-
`);
  expect(faults.map((fault) => fault.replace("REQUIREMENTS_MALFORMED ", ""))).toEqual([
    ":2:3",
    ":3:3",
    ":4:9",
    ":5:10",
    ":5:15",
    ":6:3",
    ":8:3",
    ":9:2",
  ]);
});

test.each(["", "# nothing\n", "name: x", "dependencies:", "name: x\nchannels: [a]\n"])(
  "%j names no packages",
  (text) => {
    expect(read(text)).toMatchObject({ file: null, faults: [], warnings: [] });
  },
);

test("an environment of Python alone asks for no packages and is told so", () => {
  expect(read("dependencies: [python=3.9, pip, {pip: }]").file).toEqual({
    train: [],
    predict: [],
    requiresPython: "==3.9.*",
  });
});

test.each([
  ["[a]", ":1:1"],
  ["a", ":1:1"],
  ["dependencies: a", ":1:15"],
  ["dependencies: {a: 1}", ":1:15"],
  ["dependencies: [a]\ndependencies: [b]", ":2:15"],
  ["dependencies:\n\t- a", ":2:1"],
  ["dependencies: [a\n", ":2:1"],
  ["a: 1\n---\nb: 2\n", ":2:1"],
])("%j is a fault", (text, place) => {
  const { file, faults } = read(text);
  expect(faults[0]).toBe(`REQUIREMENTS_MALFORMED ${place}`);
  expect(file === null || place === ":2:15").toBe(true);
});

test("a file that is far too long for a list of packages is a fault", () => {
  expect(read("x".repeat(300_000)).faults[0]).toBe("REQUIREMENTS_MALFORMED ");
});

test("hostile YAML is a fault, and told at once", () => {
  const computedMs = processorTime();
  const levels = Array.from({ length: 30 }, (_, n) => `- &a${n + 1} [*a${n}, *a${n}]`);
  for (const text of ["[".repeat(20_000), "- ".repeat(20_000), "{a: ".repeat(20_000), `- &a0 x\n${levels.join("\n")}`])
    expect(read(text).faults.length).toBeGreaterThan(0);
  expect(read(Array.from({ length: 20_000 }, (_, n) => `k${n}: 1`).join("\n")).faults).toEqual([]);
  expect(computedMs()).toBeLessThan(5000);
});
