import { expect, test } from "vitest";

import { processorTime } from "../../../../../tests/support/processor-time.ts";
import { parseCondaSpec } from "./parse-conda-spec.ts";

function read(text: string): string | null {
  const spec = parseCondaSpec(text);
  return spec === null ? null : spec.name + (spec.alternatives ?? []).join("|");
}

test.each([
  ["numpy", "numpy"],
  ["NumPy", "numpy"],
  ["numpy=1.10", "numpy==1.10.*"],
  ["numpy=1.19.5=py38_0", "numpy==1.19.5"],
  ["numpy=1.19.5=py38h1234_0", "numpy==1.19.5"],
  ["numpy==1.19.5", "numpy==1.19.5"],
  ["numpy==1.19.5=py38_0", "numpy==1.19.5"],
  ["numpy 1.19.5", "numpy==1.19.5"],
  ["numpy 1.19.5 py38_0", "numpy==1.19.5"],
  ["numpy 1.19.*", "numpy==1.19.*"],
  ["numpy=1.19.*", "numpy==1.19.*"],
  ["numpy 1.8*", "numpy==1.8.*"],
  ["numpy>=1.2", "numpy>=1.2"],
  ["numpy >= 1.2 , < 2", "numpy>=1.2,<2"],
  ["numpy>=1.2.*", "numpy>=1.2"],
  ["numpy>1,<2,!=1.5.*", "numpy>1,<2,!=1.5.*"],
  ["numpy>=1.2,<2 py38_0", "numpy>=1.2,<2"],
  ["numpy = 1.19", "numpy==1.19.*"],
  ["numpy~=1.19", "numpy~=1.19"],
  ["numpy~=1", "numpy>=1"],
  ["numpy=1.19,!=1.19.3", "numpy==1.19.*,!=1.19.3"],
  ["numpy=1.11|1.13", "numpy==1.11.*|==1.13.*"],
  ["numpy>=1,<2|>=3", "numpy>=1,<2|>=3"],
  ["pytorch=*=*cuda*", "pytorch"],
  ["pytorch=1.8=*cuda*", "pytorch==1.8"],
  ["numpy *", "numpy"],
  ["conda-forge::numpy=1.19", "numpy==1.19.*"],
  ["conda-forge/linux-64::numpy", "numpy"],
  ["numpy[version='>=1.11,<2', build=py38_0]", "numpy>=1.11,<2"],
  ['conda-forge::numpy[channel=x,version="1.11"]', "numpy==1.11"],
  ["numpy[build=py38_0]", "numpy"],
  ["x=1.0rc1", "x==1.0rc1"],
  ["_libgcc_mutex=0.1=main", "_libgcc_mutex==0.1"],
  ["tzdata=2021a=h52ac0ba_0", "tzdata==2021a"],
])("%s is %s", (text, spec) => {
  expect(read(text)).toBe(spec);
});

test.each([
  "",
  "=1",
  "conda-forge::",
  "numpy=",
  "numpy=^1.*$",
  "numpy=1.1.1k",
  "numpy (>=1|<2)",
  "a b c d",
  "numpy>",
  "numpy=>1",
  "{{ x }}",
])("%j cannot be read", (text) => {
  expect(parseCondaSpec(text)?.alternatives ?? null).toBeNull();
});

test("very long text is answered at once", () => {
  const computedMs = processorTime();
  for (const text of [
    `a${" ".repeat(2e5)}x y z`,
    `a=${"1.".repeat(1e5)}`,
    `a[${"x=".repeat(1e5)}]`,
    `a${"=".repeat(2e5)}`,
  ])
    parseCondaSpec(text);
  expect(computedMs()).toBeLessThan(2000);
});
