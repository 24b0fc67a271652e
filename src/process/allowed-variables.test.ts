import { expect, test } from "vitest";

import { buildVariables } from "./allowed-variables.ts";

const nothing = { pass: [], set: {} };

test("only the allow-list is handed on", () => {
  const from = {
    ...{ PATH: "/bin", HOME: "/home/me", LANG: "C", LC_ALL: "C", TZ: "UTC", TMPDIR: "/tmp", PIP_INDEX_URL: "x" },
    ...{ SSL_CERT_FILE: "a", REQUESTS_CA_BUNDLE: "b", HTTPS_PROXY: "p", https_proxy: "q", no_proxy: "r" },
  };
  const secrets = {
    AWS_SECRET_ACCESS_KEY: "s",
    MODELWRIGHT_STORE: "s",
    PYTHONPATH: "s",
    MY_PATH: "s",
    NODE_OPTIONS: "s",
  };
  expect(buildVariables({ from: { ...from, ...secrets }, ...nothing })).toEqual({ variables: from, unset: [] });
});

test("what is declared is passed, what is set wins over it, what the tool needs wins over all", () => {
  const { variables } = buildVariables({
    from: { DB_HOST: "outer", TOKEN: "t", OTHER: "o" },
    pass: ["DB_HOST", "TOKEN"],
    set: { DB_HOST: "inner", SEED: "1" },
    extra: { SEED: "2" },
  });
  expect(variables).toEqual({ DB_HOST: "inner", TOKEN: "t", SEED: "2" });
});

test("declared names without a value are told once each", () => {
  const { unset } = buildVariables({ from: { A: "", B: undefined }, pass: ["A", "B", "C", "B", "D"], set: { D: "x" } });
  expect(unset).toEqual(["B", "C"]);
});

test("no name reaches the prototype", () => {
  const { variables } = buildVariables({
    from: {},
    pass: [],
    set: JSON.parse('{"__proto__":"x"}') as Record<string, string>,
  });
  expect(Object.entries(variables)).toEqual([["__proto__", "x"]]);
});

test.each([
  ["A=B", "x"],
  ["", "x"],
  ["A\0", "x"],
  ["A", "x\0"],
])("%j cannot be set to %j", (name, value) => {
  expect(() => buildVariables({ from: {}, pass: [], set: { [name]: value } })).toThrow(
    expect.objectContaining({ code: "CONFIG_INVALID" }),
  );
});
