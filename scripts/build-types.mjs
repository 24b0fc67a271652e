// Writes the declarations of the public API to build/types: run when the package is packed, since it takes a while.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "build/types");
const entries = Object.values(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).exports).flatMap((target) =>
  typeof target === "object" ? [join(root, target.types)] : [],
);

rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});

// The compiler declares everything that the entries import; a consumer needs what their declarations name.
const reachable = new Set();
const waiting = [...entries];
for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
  if (reachable.has(path)) continue;
  reachable.add(path);
  const text = readFileSync(path, "utf8").replace(/(from "\.[^"]*)\.ts"/g, '$1.js"');
  writeFileSync(path, text);
  for (const [, target] of text.matchAll(/from "(\.[^"]*)\.js"/g))
    waiting.push(resolve(dirname(path), `${target}.d.ts`));
}
for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  const path = join(folder, name);
  if (path.endsWith(".d.ts") && existsSync(path) && !reachable.has(path)) rmSync(path);
}
