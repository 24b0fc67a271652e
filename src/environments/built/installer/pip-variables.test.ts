import { expect, test } from "vitest";

import { indexSettings, pipVariables, redactCredentials } from "./pip-variables.ts";

test("pip is given what decides where packages come from, and nothing that decides where they go", () => {
  const variables = pipVariables({ PATH: "/bin", PIP_INDEX_URL: "https://x", PIP_TARGET: "/t", PIP_USER: "1" });
  expect(variables).toMatchObject({ PATH: "/bin", PIP_INDEX_URL: "https://x", PIP_USER: "0" });
  expect(variables).not.toHaveProperty("PIP_TARGET");
});

test("a lock depends on where packages come from, not on passwords and certificates", () => {
  const settings = indexSettings({ PATH: "/bin", PIP_CERT: "/c.pem", PIP_INDEX_URL: "https://u:today@host/simple" });
  expect(settings).toEqual({ PIP_INDEX_URL: "https://****@host/simple" });
});

test.each([
  ["https://user:pass@host/x a", "https://****@host/x a"],
  ["a=http://token@host:1/x b=git+ssh://git@host/x", "a=http://****@host:1/x b=git+ssh://****@host/x"],
  ["https://:pass@host", "https://****@host"],
  ["https://host/@scope/x", "https://host/@scope/x"],
])("%s is shown as %s", (text, shown) => {
  expect(redactCredentials(text)).toBe(shown);
});
