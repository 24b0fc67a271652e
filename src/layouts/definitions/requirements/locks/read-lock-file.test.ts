import { expect, test } from "vitest";

import { Reading } from "../../reading.ts";
import { readPyproject } from "../pyproject/read-pyproject.ts";
import { readLockFile } from "./read-lock-file.ts";

const HASH = (digit: string): string => `sha256:${digit.repeat(64)}`;

interface Outcome {
  readonly train: readonly string[];
  readonly predict: readonly string[];
  readonly requiresPython: string | null;
  readonly faults: readonly string[];
}

function read(name: "uv.lock" | "poetry.lock", pyproject: string, lock: string): Outcome {
  const reading = new Reading({ root: "/p/m", entries: [], texts: new Map(), unreadable: [] }, "m");
  const file = readPyproject({ reading, path: "pyproject.toml", text: pyproject });
  if (file === null) throw new Error("The pyproject.toml of the test names nothing.");
  const locked = readLockFile({ reading, path: name, text: lock }, file);
  const faults = reading.faults.map(({ where, message }) => `${where} ${message}`);
  const { train, predict, requiresPython } = locked ?? { train: [], predict: [], requiresPython: null };
  return { train, predict, requiresPython, faults };
}

/** Lines without their hashes. */
function plain(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/ --hash=\S+/g, ""));
}

const UV_PROJECT = `
[project]
name = "m"
dependencies = ["numpy", "requests[socks]"]
[project.optional-dependencies]
train = ["tqdm"]
[dependency-groups]
predict = ["iniconfig"]
dev = ["pytest"]
`;
const registry = 'source = { registry = "https://example.org/simple" }';
const UV_LOCK = `
version = 1
revision = 5
requires-python = ">=3.9"

[[package]]
name = "m"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "numpy", version = "2.0.2", ${registry}, marker = "python_full_version < '3.10'" },
    { name = "numpy", version = "2.2.6", ${registry}, marker = "python_full_version >= '3.10'" },
    { name = "requests", extra = ["socks"] },
]
[package.optional-dependencies]
train = [{ name = "tqdm" }]
[package.dev-dependencies]
predict = [{ name = "iniconfig" }]
dev = [{ name = "pytest" }]

[[package]]
name = "numpy"
version = "2.0.2"
${registry}
sdist = { url = "https://example.org/numpy-2.0.2.tar.gz", hash = "${HASH("1")}", size = 1 }
wheels = [{ url = "https://example.org/numpy-2.0.2-py3-none-any.whl", hash = "${HASH("2")}" }]
[[package]]
name = "numpy"
version = "2.2.6"
${registry}
wheels = [{ url = "https://example.org/numpy-2.2.6-py3-none-any.whl", hash = "${HASH("3")}" }]
[[package]]
name = "requests"
version = "2.32.5"
${registry}
dependencies = [{ name = "idna" }, { name = "colorama", marker = "sys_platform == 'win32'" }]
[package.optional-dependencies]
socks = [{ name = "pysocks" }]
${["idna", "pysocks", "iniconfig", "pytest", "colorama"]
  .map((name) => `[[package]]\nname = "${name}"\nversion = "1.0"\n${registry}`)
  .join("\n")}
[[package]]
name = "tqdm"
version = "4.0"
${registry}
dependencies = [{ name = "colorama", marker = "platform_system == 'Windows'" }]
`;

test("a uv.lock pins what the project and its train and predict groups lead to, with hashes and markers", () => {
  const { train, predict, requiresPython, faults } = read("uv.lock", UV_PROJECT, UV_LOCK);
  expect(faults).toEqual([]);
  expect(requiresPython).toBe(">=3.9");
  expect(train).toContain(`numpy==2.0.2 ; (python_full_version < '3.10') --hash=${HASH("1")} --hash=${HASH("2")}`);
  expect(plain(train)).toEqual(
    [
      "colorama==1.0 ; ((platform_system == 'Windows')) or ((sys_platform == 'win32'))",
      "idna==1.0",
      "numpy==2.2.6 ; (python_full_version >= '3.10')",
      "numpy==2.0.2 ; (python_full_version < '3.10')",
      "pysocks==1.0",
      "requests==2.32.5",
      "tqdm==4.0",
    ].sort(),
  );
  expect(plain(predict)).toContain("iniconfig==1.0");
  expect(plain(predict).join("\n")).not.toMatch(/tqdm|pytest/);
});

const POETRY_PROJECT = `
[tool.poetry.dependencies]
python = ">=3.9,<3.13"
six = "1.16.0"
numpy = [{ version = "<2.1", python = "<3.10" }, { version = ">=2.2", python = ">=3.10" }]
requests = { version = "^2.30", extras = ["socks"] }
tqdm = { version = "*", optional = true }
[tool.poetry.extras]
train = ["tqdm"]
[tool.poetry.group.dev.dependencies]
iniconfig = "*"
`;

/** Poetry 1.2, 1.8 and 2.x keep hashes and markers in different places. */
function poetryLock(version: "1.1" | "2.0" | "2.1"): string {
  const packages = [
    ["certifi", "2024.1", 'python-versions = ">=3.7"', "", "1"],
    ["iniconfig", "2.1.0", 'python-versions = ">=3.8"', "", "2"],
    ["numpy", "2.0.2", `python-versions = ">=3.9"${mark(version, "python_version == '3.9'")}`, "", "3"],
    ["numpy", "2.2.6", `python-versions = ">=3.10"${mark(version, "python_version >= '3.10'")}`, "", "4"],
    ["PySocks", "1.7.1", 'python-versions = "*"', "", "5"],
    [
      ...["requests", "2.32.5", 'python-versions = ">=3.9"'],
      `[package.dependencies]
certifi = ">=2017.4.17"
PySocks = { version = ">=1.5.6,<1.5.7 || >1.5.7", optional = true, markers = "extra == \\"socks\\"" }
[package.extras]
socks = ["PySocks (>=1.5.6,!=1.5.7)"]`,
      "6",
    ],
    ["six", "1.16.0", 'python-versions = "*"', "", "7"],
    [
      "tqdm",
      "4.0",
      'python-versions = ">=3.8"',
      '[package.dependencies]\ncolorama = { version = "*", markers = "platform_system == \\"Windows\\"" }',
      "8",
    ],
    ["colorama", "0.4.6", 'python-versions = "*"', "", "9"],
  ] as const;
  const filesOf = (name: string, digit: string): string => `[{ file = "${name}.whl", hash = "${HASH(digit)}" }]`;
  const tables = packages.map(([name, number, more, tail, digit]) =>
    [
      `[[package]]\nname = "${name}"\nversion = "${number}"\noptional = false\n${more}`,
      version === "1.1" ? "" : `files = ${filesOf(name, digit)}`,
      tail,
    ].join("\n"),
  );
  const files = [...new Map(packages.map(([name, , , , digit]) => [name, digit]))]
    .map(([name, digit]) => `${name} = ${filesOf(name, digit)}`)
    .join("\n");
  const metadata = `[metadata]\nlock-version = "${version}"\npython-versions = ">=3.9,<3.13"\ncontent-hash = "0"`;
  return [...tables, metadata, version === "1.1" ? `[metadata.files]\n${files}` : ""].join("\n");
}

function mark(version: string, marker: string): string {
  return version === "2.1" ? `\ngroups = ["main"]\nmarkers = "${marker}"` : "";
}

test.each(["1.1", "2.0", "2.1"] as const)(
  "a poetry.lock of version %s pins the main and the train packages",
  (version) => {
    const { train, predict, requiresPython, faults } = read("poetry.lock", POETRY_PROJECT, poetryLock(version));
    expect(faults).toEqual([]);
    expect(requiresPython).toBe(">=3.9,<3.13");
    const names = plain(train).map((line) => line.split(" ; ")[0]);
    expect(names).toEqual([
      ...["certifi==2024.1", "colorama==0.4.6", "numpy==2.0.2", "numpy==2.2.6", "pysocks==1.7.1"],
      ...["requests==2.32.5", "six==1.16.0", "tqdm==4.0"],
    ]);
    expect(train.at(-2)).toBe(`six==1.16.0 --hash=${HASH("7")}`);
    expect(plain(train)[1]).toBe('colorama==0.4.6 ; (platform_system == "Windows")');
    expect(plain(train)[2]).toMatch(/^numpy==2\.0\.2 ; .*python_version < "3\.10"/);
    expect(plain(train)[3]).toMatch(/^numpy==2\.2\.6 ; .*python_version >= "3\.10"/);
    expect(plain(predict).join("\n")).not.toMatch(/tqdm|iniconfig|colorama/);
  },
);

test("packages that need each other end", () => {
  const lock = `version = 1
[[package]]
name = "m"
source = { editable = "." }
dependencies = [{ name = "a", marker = "os_name == 'posix'" }]
${["ab", "ba"].map(([one, other]) => `[[package]]\nname = "${one}"\nversion = "1.0"\n${registry}\ndependencies = [{ name = "${other}" }]`).join("\n")}`;
  expect(read("uv.lock", '[project]\ndependencies = ["a"]', lock).train).toEqual([
    "a==1.0 ; (os_name == 'posix')",
    "b==1.0 ; (os_name == 'posix')",
  ]);
});

test("what has no file keeps its address, and is refused when it is to be installed", () => {
  const lock = `version = 1
[[package]]
name = "m"
source = { virtual = "." }
dependencies = [{ name = "here" }, { name = "there" }, { name = "archive" }]
[[package]]
name = "here"
version = "1.0"
source = { directory = "libs/here" }
[[package]]
name = "there"
version = "1.0"
source = { git = "https://example.org/there.git?rev=main#0123abcd" }
[[package]]
name = "archive"
version = "1.0"
source = { url = "https://example.org/archive-1.0.tar.gz" }
sdist = { hash = "${HASH("a")}" }`;
  expect(read("uv.lock", '[project]\ndependencies = ["here", "there", "archive"]', lock).train).toEqual([
    `archive @ https://example.org/archive-1.0.tar.gz --hash=${HASH("a")}`,
    "here @ file:///p/m/libs/here",
    "there @ git+https://example.org/there.git",
  ]);
});

const PROJECT = '[project]\nname = "m"\ndependencies = ["a>=2"]';
const own = '[[package]]\nname = "m"\nsource = { virtual = "." }\ndependencies = [{ name = "a" }]\n';
const uvPackage = (fields: string): string => `version = 1\n${own}[[package]]\n${fields}`;

test.each([
  ["uv.lock", "version = [", /^m\/uv\.lock:1:\d+ uv\.lock is not TOML/],
  ["uv.lock", "", /version null; version 1 can be read/],
  ["uv.lock", "version = 2", /^m\/uv\.lock#\/version This uv\.lock has version 2; version 1 can be read/],
  ["uv.lock", "version = 1", /no package for the project itself/],
  ["uv.lock", `version = 1\n${own}`, /older than pyproject\.toml, which asks for a>=2: it has no such package/],
  ["uv.lock", uvPackage('name = "a"\nversion = "1.5"'), /asks for a>=2: it has 1\.5/],
  [
    "uv.lock",
    uvPackage('name = "a\\n--index-url https://evil.example"\nversion = "2.0"'),
    /^m\/uv\.lock#\/package\/1 /,
  ],
  [
    "uv.lock",
    uvPackage('name = "a"\nversion = "2.0 --hash=sha256:00"'),
    /version, address, marker or hash that is none/,
  ],
  ["uv.lock", uvPackage('name = "a"\nversion = "2.0"\nsdist = { hash = "md5:00" }'), /hash that is none/],
  ["uv.lock", uvPackage('name = "a"\nversion = "2.0"\nsource = { url = "https://x.example/a.whl --pre" }'), /address/],
  [
    "uv.lock",
    uvPackage('name = "a"\nversion = "2.0"\ndependencies = [{ name = "b", marker = "os_name == \'x\' --pre" }]'),
    /marker/,
  ],
  ["poetry.lock", "package = 3", /no lock-version; versions 1 and 2 can be read/],
  ["poetry.lock", '[metadata]\nlock-version = "3.0"', /lock-version "3\.0"; versions 1 and 2/],
  ["poetry.lock", '[metadata]\nlock-version = "2.0"', /older than pyproject\.toml/],
  [
    "poetry.lock",
    '[[package]]\nname = "../a"\nversion = "2.0"\n[metadata]\nlock-version = "2.0"',
    /"-\/a==2\.0" has a name/,
  ],
] as const)("a %s that cannot be used is told with its place: %j", (name, lock, expected) => {
  const { faults } = read(name, PROJECT, lock);
  expect(faults.join("\n")).toMatch(expected);
  expect(faults).toEqual([...new Set(faults)]);
});
