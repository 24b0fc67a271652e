import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { CLI } from "../../support/cli.ts";
import type { Stage } from "./stage.ts";

/** How a command ended that ran on a file system of its own. */
export interface MountedResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Names below the state folder afterwards, while it was still mounted. */
  readonly names: readonly string[];
}

const TIMEOUT_S = 60;

// $1: state folder; $2: a copy of its content; the rest: the command.
const SCRIPT = `
state=$1 content=$2 results=$3; shift 3
MOUNT
timeout TIMEOUT "$@" > "$results/stdout" 2> "$results/stderr"; echo $? > "$results/exit-code"
cd "$state" && find . -mindepth 1 | sed 's#^\\./##' > "$results/names"
`;

/** The state on a file system that is mounted read-only. */
export const READ_ONLY = 'mount --bind "$state" "$state" && mount -o remount,bind,ro "$state"';

/** The state on a small file system with so much space left. */
export function withFreeSpace(kib: number): string {
  return `
mount -t tmpfs -o size=16m tmpfs "$state" && cp -r "$content/." "$state"
free=$(df --output=avail -k "$state" | tail -n 1)
dd if=/dev/zero of="$state/.filler" bs=1k count=$((free - ${kib})) status=none`;
}

/**
 * Runs a command of the built CLI after mounting, in a mount namespace of its own: root writes through any permission,
 * and what is mounted there goes with the process, however the test ends.
 */
export async function runMounted(
  stage: Stage,
  { project, mount, args }: { readonly project: string; readonly mount: string; readonly args: readonly string[] },
): Promise<MountedResult> {
  const script = SCRIPT.replace("MOUNT", `{ ${mount}\n} || exit 1`).replace("TIMEOUT", String(TIMEOUT_S));
  const namespace = process.getuid?.() === 0 ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const folders = [stage.state, join(stage.home, "content"), stage.home];
  const env = { PATH: process.env["PATH"], HOME: stage.home, MODELWRIGHT_HOME: stage.state };
  const command = [...namespace, "sh", "-c", script, "sh", ...folders, process.execPath, CLI, ...args];
  try {
    await promisify(execFile)("unshare", command, { cwd: project, env });
  } catch (cause) {
    throw new Error(
      "This test mounts file systems: it needs Linux, unshare (util-linux), and root or user namespaces.",
      { cause },
    );
  }
  const text = (name: string) => readFile(join(stage.home, name), "utf8");
  return {
    exitCode: Number(await text("exit-code")),
    stdout: await text("stdout"),
    stderr: await text("stderr"),
    names: (await text("names")).split("\n").filter((name) => name !== "" && name !== ".filler"),
  };
}
