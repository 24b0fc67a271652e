import { expect, test } from "vitest";

import { packagesToInstall } from "./packages-to-install.ts";

test("the author package is not asked for, since the tool has it with it", () => {
  expect(packagesToInstall(["modelwright==0.1.0", "modelwright-extras==2", "numpy==2.1.0"])).toBe(
    "modelwright-extras==2\nnumpy==2.1.0",
  );
});
