import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

import { testFolder } from "../process/support/test-folder.ts";
import { testPython } from "../support/test-python.ts";
import { makeWorkshop } from "./support/workshop.ts";

const asIs = { mode: "asIs" } as const;

test("an environment as it is tells its packages and every requirement that it does not meet", async () => {
  const workshop = await makeWorkshop();
  const constraints = join(workshop.home, "constraints.txt");
  await writeFile(constraints, "pandas<1\nnot-installed-and-not-asked-for<1\n");
  const environment = await workshop.prepare(
    [
      "numpy==1.19.5",
      "Scikit_Learn[extra] >= 1.0, < 9  # met under another spelling",
      "missing-package==1.0 --hash=sha256:00",
      'unneeded==1.0 ; python_version < "3"',
      "https://example.org/files/wheely-2.0-py3-none-any.whl",
      "-e git+https://example.org/eggy.git#egg=eggy",
      "not a requirement",
      `-c ${constraints}`,
      "-r /no/such/file.txt",
    ].join("\r\n"),
    asIs,
  );
  const numpy = environment.packages.find((line) => line.startsWith("numpy=="))?.slice("numpy==".length) ?? "";
  const pandas = environment.packages.find((line) => line.startsWith("pandas=="))?.slice("pandas==".length) ?? "";
  expect(environment).toMatchObject({ origin: "given", lock: null, interpreter: testPython() });
  expect(environment.unmet).toEqual([
    `needs numpy==1.19.5, found ${numpy}`,
    "needs missing-package==1.0, not installed",
    "needs wheely==2.0, not installed",
    "needs eggy, not installed",
    "cannot be read: not a requirement",
    `needs pandas<1, found ${pandas}`,
    expect.stringContaining("requirements.txt includes /no/such/file.txt, which cannot be read"),
  ]);
  expect(environment.packages).toEqual([...environment.packages].sort());
});

test("with --strict an unmet requirement is an error", async () => {
  const workshop = await makeWorkshop();
  await expect(workshop.prepare("numpy==1.19.5", { ...asIs, strict: true })).rejects.toMatchObject({
    code: "REQUIREMENTS_UNMET",
    details: { unmet: [expect.stringContaining("needs numpy==1.19.5, found")] },
  });
  await workshop.prepare("numpy>1", { ...asIs, strict: true });
});

test("another Python than the requirements ask for is told, of a built environment too", async () => {
  const workshop = await makeWorkshop();
  const requirements = [{ path: "pyproject.toml", text: "", requiresPython: ">=3.8,<3.9 || >=99" }];
  const sentence = expect.stringMatching(
    /^needs Python >=3\.8,<3\.9 \|\| >=99 \(pyproject\.toml\), found CPython 3\./,
  ) as string;
  expect((await workshop.prepare("", { ...asIs, requirements })).unmet).toEqual([sentence]);
  expect((await workshop.prepare("", { requirements })).unmet).toEqual([sentence]);
  await expect(workshop.prepare("", { ...asIs, requirements, strict: true })).rejects.toMatchObject({
    code: "REQUIREMENTS_UNMET",
  });
  const anyPython = [{ path: "pyproject.toml", text: "", requiresPython: ">=3" }];
  expect((await workshop.prepare("", { ...asIs, requirements: anyPython })).unmet).toEqual([]);
  const odd = [{ path: "pyproject.toml", text: "", requiresPython: "new" }];
  expect((await workshop.prepare("", { ...asIs, requirements: odd })).unmet).toEqual([
    "pyproject.toml asks for a Python that cannot be read: new",
  ]);
});

test("equal environments have equal digests whatever is required of them, others have not", async () => {
  const workshop = await makeWorkshop();
  const { digest } = await workshop.prepare("numpy==1.19.5", asIs);
  expect((await workshop.prepare("pandas", asIs)).digest).toBe(digest);
  const bare = await workshop.prepare("", { requirements: [] });
  expect((await workshop.prepare("", { ...asIs, interpreter: bare.interpreter })).digest).not.toBe(digest);
});

test("packages are listed without pip and without its library, as far as plain pins go", async () => {
  const workshop = await makeWorkshop();
  const { interpreter } = await workshop.prepare("", { requirements: [] });
  const requirements = "missing==1.0\nranged[x]>=2,<3\nconditional==1.0; python_version > '3'";
  const { packages, unmet } = await workshop.prepare(requirements, { ...asIs, interpreter });
  expect(packages).toEqual([]);
  expect(unmet).toEqual(["needs missing==1.0, not installed", "needs ranged>=2,<3, not installed"]);
});

test("a package that appears is seen at once", async () => {
  const workshop = await makeWorkshop();
  const { interpreter } = await workshop.prepare("", { requirements: [] });
  const before = await workshop.prepare("late==1.0", { ...asIs, interpreter });
  expect(before.unmet).toEqual(["needs late==1.0, not installed"]);
  const site = join(interpreter, "../../lib", `python${/\d+\.\d+/.exec(before.interpreterVersion)?.[0] ?? ""}`);
  const info = join(site, "site-packages", "late-1.0.dist-info");
  await mkdir(info);
  await writeFile(join(info, "METADATA"), "Metadata-Version: 2.1\nName: late\nVersion: 1.0\n");
  const after = await workshop.prepare("late==1.0", { ...asIs, interpreter });
  expect(after).toMatchObject({ unmet: [], packages: ["late==1.0"] });
  expect(after.digest).not.toBe(before.digest);
});

test("a given environment that was read is not read again while it stays as it is", async () => {
  const workshop = await makeWorkshop();
  const first = await workshop.prepare("numpy==1.19.5", asIs);
  const nowhere = await testFolder();
  const second = await workshop.prepare("numpy==1.19.5", { ...asIs, runtimesFolder: nowhere });
  expect({ ...second, preparedInMs: 0 }).toEqual({ ...first, preparedInMs: 0 });
});
