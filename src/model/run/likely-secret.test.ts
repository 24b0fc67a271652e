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

/** Put together here, so that no scanner takes this file for what it speaks of. */
const many = (text: string, count: number): string => text.repeat(count);

test.each([
  ["-----BEGIN OPENSSH PRIVATE KEY-----"],
  [`key = "AKIA${many("A1", 8)}"`],
  [`aws_secret_access_key = ${many("wJ/+", 10)}`],
  [`"AWS_SECRET_KEY": "${many("wJ/+", 10)}"`],
  [`ghp_${many("a1", 18)}`],
  [`hf_${many("aB", 17)}`],
  [`AIza${many("a-B_1", 7)}`],
  [`sk-proj-${many("aB1c", 10)}`],
  [`AccountKey=${many("aB", 43)}==`],
  [`dapi${many("a1", 16)}`],
  ["engine = create_engine('postgresql+psycopg2://bob:hunter2@db.example.com/sales')"],
  ["redis://:hunter2@cache:6379"],
])("%s is found in the middle of any file", (text) => {
  expect(holdsLikelySecret(Buffer.from(`é${many("x", 5_000)}\n${text}\n`))).toBe(true);
});

test.each([
  ["-----BEGIN PUBLIC KEY-----"],
  ["def train(data_conf, model_conf): pass"],
  ["aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']"],
  ["https://example.org:8080/user@home"],
  ["postgresql://user:password@localhost/db"],
  ["f'postgresql://{user}:{password}@{host}/db'"],
  ["postgresql://$USER:$PASSWORD@host/db"],
  ["postgresql://localhost:5432/db"],
  ["sk-learn and sk_learn, hf_hub_download, dapi"],
])("%s is no secret", (text) => {
  expect(holdsLikelySecret(Buffer.from(text))).toBe(false);
});
