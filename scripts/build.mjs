// Bundles src/ and runtimes/ into dist/. Loose imports of the same code cost 0.4 s at every start.
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = (path) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));

/** Modules that most commands need are loaded in one piece, for each file costs half a millisecond; the rest on demand. */
const COMMANDS_THAT_SHARE = 16;

const common = {
  cwd: root,
  platform: "node",
  transform: { target: "node20" },
  // jsonc-parser names a CommonJS build first, which does not survive bundling.
  resolve: { mainFields: ["module", "main"] },
};
// Names stay as they are: they stand in stack traces.
const output = { sourcemap: true, minify: { compress: { keepNames: { function: true, class: true } }, mangle: false } };

/** As CommonJS, which Node 20 loads in half the time of modules. */
async function buildCommandLine() {
  await build({
    ...common,
    input: { cli: "src/cli/main.ts" },
    // esbuild has a native binary beside it; pino looks for its own files at run time.
    external: ["esbuild", "pino"],
    output: {
      ...output,
      dir: dist(""),
      format: "cjs",
      chunkFileNames: "chunks/[name]-[hash].js",
      codeSplitting: {
        groups: [
          { name: "start", tags: ["$initial"], priority: 2 },
          { name: "shared", minShareCount: COMMANDS_THAT_SHARE, priority: 1 },
        ],
      },
    },
  });
  await chmod(dist("cli.js"), 0o755);
}

/** The public API. Apart from the command line, whose start it must not slow down by splitting it differently. */
async function buildLibrary() {
  await build({
    ...common,
    input: Object.fromEntries(
      ["index", "config-readers", "testing"].map((name) => [name, `src/app/public/${name}.ts`]),
    ),
    external: ["esbuild", "pino", "@statsig/statsig-node-core"],
    output: { ...output, dir: dist("library"), format: "esm", chunkFileNames: "chunks/[name]-[hash].js" },
  });
}

/** The half that runs in the processes of TypeScript models: each entry is one file. */
async function buildRuntimes() {
  for (const name of ["job", "worker", "watch-thread"])
    await build({
      ...common,
      input: `runtimes/typescript/${name}.ts`,
      output: { ...output, file: dist(`runtimes/typescript/${name}.js`), format: "esm", codeSplitting: false },
    });
}

async function declareModuleKind(folder, type) {
  await mkdir(dist(folder), { recursive: true });
  await writeFile(dist(`${folder}/package.json`), `${JSON.stringify({ type })}\n`);
}

await rm(dist(""), { recursive: true, force: true });
await declareModuleKind("", "commonjs");
await declareModuleKind("library", "module");
await declareModuleKind("runtimes", "module");
await Promise.all([buildCommandLine(), buildLibrary(), buildRuntimes()]);
