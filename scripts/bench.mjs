// Measures what docs/benchmarks.md claims: `npm run bench -- <name>…`.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

const root = new URL("..", import.meta.url);
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: { main: "bench/main.ts", "load-generator": "bench/load-generator.ts" },
  outdir: "build/bench",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
});
await import(new URL("build/bench/main.mjs", root).href);
