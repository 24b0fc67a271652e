// Writes the pages of docs/ and the schemas of schemas/ that are made from the code.
import { build } from "esbuild";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { format } from "prettier";

const root = new URL("..", import.meta.url);
const bundle = new URL("build/generated-docs.mjs", root);
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ["scripts/generated-docs.ts"],
  outfile: fileURLToPath(bundle),
  bundle: true,
  platform: "node",
  format: "esm",
  mainFields: ["module", "main"],
  packages: "external",
  external: ["./commands/*"],
});
const { generatedFiles } = await import(bundle.href);
for (const [path, text] of generatedFiles()) {
  const file = new URL(path, root);
  await mkdir(dirname(fileURLToPath(file)), { recursive: true });
  await writeFile(file, path.endsWith(".md") ? await format(text, { parser: "markdown", printWidth: 120 }) : text);
  console.log(path);
}
await rm(bundle);
