// Writes the pages of docs/ and the schemas of schemas/ that are made from the code.
import { build } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
const bundle = new URL("build/generated-docs.mjs", root);
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ["scripts/generated-docs/generated-files.ts"],
  outfile: fileURLToPath(bundle),
  bundle: true,
  platform: "node",
  format: "esm",
  mainFields: ["module", "main"],
  packages: "external",
});
const { generatedFiles } = await import(bundle.href);
// A schema that is no longer published must not stay.
await rm(new URL("schemas", root), { recursive: true, force: true });
for (const [path, text] of await generatedFiles()) {
  const file = new URL(path, root);
  await mkdir(dirname(fileURLToPath(file)), { recursive: true });
  await writeFile(file, text);
  console.log(path);
}
await rm(bundle);
