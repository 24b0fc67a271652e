import { realpath } from "node:fs/promises";
import { relative, resolve, sep } from "node:path";

import { runGit, type GitDependencies } from "../run-git.ts";

/** Where the parts of a checkout are. All absolute, without links. */
export interface Checkout {
  readonly top: string;
  readonly index: string;
  readonly objects: string;
  /** Lists the commits whose parents were not fetched; absent in most repositories. */
  readonly shallow: string;
  readonly objectFormat: "sha1" | "sha256";
  /** The folder that was asked about, relative to `top`, with `/`; empty for `top` itself. */
  readonly inside: string;
}

/** The checkout that a folder lies in; null where there is none, no git, or one that git refuses to read. */
export async function locateCheckout(folder: string, deps: GitDependencies): Promise<Checkout | null> {
  const real = await realpath(folder);
  const wanted = ["--show-toplevel", "--git-path", "index", "--git-path", "objects", "--git-path", "shallow"];
  const { exitCode, stdout } = await runGit(real, ["rev-parse", ...wanted, "--show-object-format"], deps);
  const [top = "", index = "", objects = "", shallow = "", format = ""] = stdout.split("\n");
  if (exitCode !== 0 || top === "") return null;
  return {
    top,
    index: resolve(real, index),
    objects: resolve(real, objects),
    shallow: resolve(real, shallow),
    objectFormat: format === "sha256" ? "sha256" : "sha1",
    inside: relative(top, real).split(sep).join("/"),
  };
}
