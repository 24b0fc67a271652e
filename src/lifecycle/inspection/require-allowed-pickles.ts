import { Failure } from "../../kernel/failure.ts";
import type { Services, Work } from "../services.ts";
import type { Loadable } from "../serving/loadable.ts";
import { inspectFile } from "./inspect-file.ts";
import type { InspectedPickle, Inspection } from "./inspection.ts";
import { unpackWithPython } from "./unpack-with-python.ts";

const LISTED_IMPORTS = 10;

/**
 * Where the project has `allowedPickleImports`, checks every artifact of a model before a worker may open it. The list is that of
 * whoever loads the model, not of whoever published it.
 * @throws Failure `PICKLE_NOT_ALLOWED` naming the file and what it would import.
 */
export async function requireAllowedPickles(
  services: Services,
  { artifacts, reference }: Pick<Loadable, "artifacts" | "reference">,
  work: Pick<Work, "signal">,
): Promise<void> {
  const { allowedPickleImports: patterns } = services.settings;
  if (patterns === null) return;
  for (const { source, name } of artifacts) {
    const { pickles, verdict } = await inspectFile(source, patterns, unpackWithPython(services, work));
    if (verdict === null || verdict === "allowed") continue;
    const reasons = reasonsAgainst({ pickles });
    throw new Failure("PICKLE_NOT_ALLOWED", {
      message: `${name} of ${reference} is not opened: ${reasons.slice(0, LISTED_IMPORTS).join("; ")}${reasons.length > LISTED_IMPORTS ? "; …" : ""}.`,
      hint: '`modelwright inspect` shows all of it. What you trust, add to "allowedPickleImports" in modelwright.json: dangerous names, and functions that are called, only in full.',
      details: { file: name, reasons },
    });
  }
}

/** Why the pickles of a file are not opened, as sentences about it. */
export function reasonsAgainst({ pickles }: Pick<Inspection, "pickles">): readonly string[] {
  return pickles.flatMap(reasonsOf);
}

function reasonsOf({ imports, calls, suspicions, problem }: InspectedPickle): readonly string[] {
  const called = new Set(calls.filter(({ form }) => form === "REDUCE").map(({ callee }) => callee));
  const unwanted = imports.filter(({ verdict }) => verdict !== "allowed");
  return [
    ...unwanted.map(
      ({ module, name, verdict }) =>
        `it would ${called.has(`${module}.${name}`) ? "call" : "import"} ${module}.${name}${verdict === "dangerous" ? " (dangerous)" : ""}`,
    ),
    ...suspicions,
    ...(problem === null ? [] : [`it cannot be checked: ${problem}`]),
  ];
}
