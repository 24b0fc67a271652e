import { importJudge, type Verdict } from "../../pickles/policy/judge-import.ts";
import type { FoundImport } from "../../pickles/findings.ts";
import { scanPickle, type OpenPieces, type PickleScan } from "../../pickles/scan-pickle.ts";
import { worstOf, type InspectedPickle } from "./inspection.ts";

/** Follows a pickle and judges what it would import. @param patterns - the project's list; null: well-known packages. */
export async function judgePickle(
  open: OpenPieces,
  member: string | null,
  patterns: readonly string[] | null,
): Promise<InspectedPickle> {
  return judge(await scanPickle(open), member, patterns);
}

function judge(scan: PickleScan, member: string | null, patterns: readonly string[] | null): InspectedPickle {
  const judgeImport = importJudge(patterns);
  const judged = (found: FoundImport) => {
    const { module, name, count } = found;
    return { module, name, count, verdict: judgeImport(found) };
  };
  const hidden = scan.hidden.imports.map(judged).filter(({ verdict }) => verdict === "dangerous");
  const imports = [...scan.imports.map(judged), ...hidden];
  const hiddenNames = new Set(hidden.map(({ module, name }) => `${module}.${name}`));
  const calls = [...scan.calls, ...scan.hidden.calls.filter(({ callee }) => hiddenNames.has(callee))];
  const verdicts = new Map(imports.map(({ module, name, verdict }) => [`${module}.${name}`, verdict]));
  // The rest of a pickle that cannot be followed could do anything.
  const isUnclear = scan.suspicions.length > 0 || scan.problem !== null;
  const all: readonly Verdict[] = [...imports.map(({ verdict }) => verdict), isUnclear ? "dangerous" : "allowed"];
  return {
    member,
    protocol: scan.protocol,
    count: scan.pickles,
    object: scan.object,
    imports,
    calls: calls.map((call) => ({ ...call, verdict: verdicts.get(call.callee) ?? "dangerous" })),
    suspicions: scan.suspicions,
    persistentIds: scan.persistentIds,
    trailingBytes: scan.trailingBytes,
    problem: scan.problem,
    verdict: worstOf(all) ?? "allowed",
  };
}
