import { expect, test } from "vitest";

import { holdsLikelySecret, isLikelySecretPath } from "./likely-secret.ts";

test.each([
  ".env",
  "deploy/.env.production",
  "certs/server.pem",
  "ID_RSA",
  "id_ed25519",
  "credentials.json",
  "Credentials",
  "config/secrets.yaml",
  ".aws/config",
  "home/.ssh/known_hosts",
  "service-account-prod.json",
  ".npmrc",
])("%s is a likely secret", (path) => {
  expect(isLikelySecretPath(path)).toBe(true);
});

test.each([
  "model_modules/training.py",
  ".env.example",
  "environment.yml",
  "id_rsa.pub",
  "tokenizer.json",
  "keys.py",
  "secrets.py",
  "aws/handler.py",
])("%s is no secret by its name", (path) => {
  expect(isLikelySecretPath(path)).toBe(false);
});

test("keys are found in the middle of any file", () => {
  const around = (text: string): Uint8Array => Buffer.from(`é${"x".repeat(5_000)}\n${text}\n`);
  expect(holdsLikelySecret(around("-----BEGIN OPENSSH PRIVATE KEY-----"))).toBe(true);
  expect(holdsLikelySecret(around(`key = "AKIA${"A1".repeat(8)}"`))).toBe(true);
  expect(holdsLikelySecret(around("-----BEGIN PUBLIC KEY-----"))).toBe(false);
  expect(holdsLikelySecret(around("def train(data_conf, model_conf): pass"))).toBe(false);
});
