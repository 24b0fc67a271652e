import { join } from "node:path";

import { findInterpreter } from "../../environments/interpreter/find-interpreter.ts";
import { Failure } from "../../kernel/failure.ts";
import { boundPieces, openUnpacked, type Compression, type Unpack } from "../../pickles/open-pieces.ts";
import { UnreadablePickle } from "../../pickles/read-instruction.ts";
import { collectOutput } from "../../process/collect-output.ts";
import { spawnGroup } from "../../process/spawn-group.ts";
import { probeContext } from "../running/prepare-environment.ts";
import type { Services, Work } from "../services.ts";

/** What Python's own library unpacks and Node's does not. */
const PYTHONS: readonly Compression[] = ["bz2", "xz", "lzma"];
const MAX_COMPLAINT_BYTES = 16 * 1024;

/** As `openUnpacked`, with the help of Python where Node cannot unpack: a process of its own that does nothing else. */
export function unpackWithPython(services: Services, work: Pick<Work, "signal">): Unpack {
  return (path, compression) =>
    PYTHONS.includes(compression)
      ? () => boundPieces(unpacking(services, { path, compression }, work))
      : openUnpacked(path, compression);
}

async function* unpacking(
  services: Services,
  { path, compression }: { readonly path: string; readonly compression: Compression },
  { signal }: Pick<Work, "signal">,
): AsyncGenerator<Buffer> {
  const probe = probeContext(services, { signal, onProgress: () => undefined });
  const script = join(probe.runtimesFolder, "unpack_file.py");
  const group = await spawnGroup({
    command: [await pythonFor(services, compression, probe), "-I", "-B", script, compression, path],
    cwd: services.settings.projectRoot,
    variables: probe.variables,
    ...{ stdout: "pipe", stderr: "pipe" },
  });
  const stop = (): void => group.kill();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const complaint = collectOutput(group.child.stderr, MAX_COMPLAINT_BYTES, "end");
    if (group.child.stdout !== null) yield* group.child.stdout as AsyncIterable<Buffer>;
    const { exitCode } = await group.exited;
    if (signal.aborted) throw new Failure("INTERRUPTED", { message: `Stopped while unpacking ${path}.` });
    if (exitCode !== 0) throw new Error(complaint.text().trim().split("\n").at(-1) ?? "");
  } finally {
    signal.removeEventListener("abort", stop);
    await group.end(0);
  }
}

async function pythonFor(
  { settings }: Services,
  compression: Compression,
  probe: ReturnType<typeof probeContext>,
): Promise<string> {
  try {
    return (await findInterpreter({ ...probe, interpreter: settings.python })).executable;
  } catch (cause) {
    if (!(cause instanceof Failure) || cause.code !== "INTERPRETER_NOT_FOUND") throw cause;
    throw new UnreadablePickle(`files compressed with ${compression} are unpacked by Python, and none was found`);
  }
}
