import { resolve } from "node:path";

import { inspectFile } from "../../../lifecycle/inspection/inspect-file.ts";
import type { InspectedPickle, Inspection } from "../../../lifecycle/inspection/inspection.ts";
import { unpackWithPython } from "../../../lifecycle/inspection/unpack-with-python.ts";
import type { Verdict } from "../../../pickles/policy/judge-import.ts";
import type { RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { size, table } from "../../output/text.ts";

const LISTED_ARRAYS = 50;
const MARKS = { allowed: "ok", unknown: "?", dangerous: "DANGEROUS" } as const satisfies Record<Verdict, string>;

/** `inspect`: what a file is, and what opening it would do. It fails for what is dangerous, or not on the project's list. */
export const run: RunCommand = async (context, input) => {
  const path = resolve(context.facts.cwd, input.arguments[0] ?? "");
  const services = await context.services();
  const patterns = services.settings.allowedPickleImports;
  const inspection = await inspectFile(path, patterns, unpackWithPython(services, context));
  const isRefused = inspection.verdict === "dangerous" || (inspection.verdict === "unknown" && patterns !== null);
  return {
    json: { ...inspection, policy: patterns === null ? "default" : "project" },
    text: [...lines(inspection), ...conclusion(inspection, patterns !== null)].join("\n"),
    exitCode: isRefused ? EXIT_CODES.invalid : 0,
  };
};

function lines({ path, format, compression, sizeBytes, about, arrays, pickles }: Inspection): readonly string[] {
  const packed = compression === null ? "" : `, compressed with ${compression}`;
  const facts = Object.entries(about)
    .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `  ${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const rows = arrays
    .slice(0, LISTED_ARRAYS)
    .map(({ name, dtype, shape }) => [name, dtype, shape.length === 0 ? "one value" : shape.join(" × ")]);
  const more = arrays.length > rows.length ? [`  … and ${arrays.length - rows.length} more`] : [];
  return [
    `${path}: ${format}${packed}, ${size(sizeBytes)}`,
    ...facts,
    ...(rows.length === 0 ? [] : ["", ...table(["ARRAY", "DTYPE", "SHAPE"], rows).split("\n"), ...more]),
    ...pickles.flatMap(pickleLines),
  ];
}

function pickleLines(pickle: InspectedPickle): readonly string[] {
  const { member, protocol, count, object, imports, calls, suspicions, persistentIds, trailingBytes, problem } = pickle;
  const where = member === null ? "" : `${member}: `;
  const what = object === null ? "" : `, gives ${object}`;
  const called = calls
    .filter(({ form, verdict }) => form !== "BUILD" || verdict !== "allowed")
    .map((call) => [MARKS[call.verdict], `${call.callee}${call.arguments}`, times(call.count)]);
  return [
    "",
    `${where}pickle of protocol ${protocol}${what}`,
    ...(imports.length === 0 ? ["It imports nothing."] : []),
    ...section(
      ["", "IMPORTS", "TIMES"],
      imports.map(({ module, name, verdict, count: often }) => [MARKS[verdict], `${module}.${name}`, times(often)]),
    ),
    ...section(["", "CALLS", "TIMES"], called),
    ...suspicions.map((suspicion) => `DANGEROUS  ${suspicion}`),
    ...(problem === null ? [] : [`DANGEROUS  it cannot be followed to its end: ${problem}`]),
    ...(count > 1 ? [`${count} pickles stand one after the other.`] : []),
    ...(persistentIds > 0 ? [`${persistentIds} objects come from outside of the pickle (tensors, as a rule).`] : []),
    ...(trailingBytes > 0 ? [`${size(trailingBytes)} after it are no pickle.`] : []),
  ];
}

function section(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return rows.length === 0 ? [] : table(headings, rows).split("\n");
}

function times(count: number): string {
  return String(count);
}

function conclusion({ verdict, pickles }: Inspection, hasList: boolean): readonly string[] {
  const list = hasList ? "the project's allowedPickleImports" : "well-known packages";
  switch (verdict) {
    case null:
      return [];
    case "allowed":
      return ["", `Opening it would run nothing but ${list}.`];
    case "unknown":
      return [
        "",
        `Opening it would import what is not among ${list}, or call a function of theirs. Open it only if you trust where it is from.`,
        ...(hasList ? [] : ['"allowedPickleImports" in modelwright.json makes such files refused.']),
      ];
    case "dangerous":
      if (
        pickles.every(
          ({ problem, suspicions, imports }) => problem !== null && suspicions.length === 0 && imports.length === 0,
        )
      )
        return ["", "Nothing of it could be checked. Open it only if you trust where it is from."];
      return ["", "Do not open it: it would run what no trained model needs."];
  }
}
