import { sha256 } from "../kernel/digest.ts";
import { canonicalJson } from "../kernel/json.ts";
import type { PreparedEnvironment } from "../model/ports/environment.ts";

/** The environment of TypeScript models: the Node that the tool itself runs on. Their packages are bundled with them. */
export function nodeEnvironment(): PreparedEnvironment {
  const { version, platform, arch, execPath } = process;
  return {
    language: "typescript",
    interpreter: execPath,
    interpreterVersion: `Node ${version.slice(1)}`,
    digest: sha256(canonicalJson({ implementation: "node", version, platform, arch })),
    origin: "given",
    lock: null,
    packages: [],
    unmet: [],
    preparedInMs: 0,
  };
}
