import { runDoctor } from "../../../lifecycle/doctor/run-doctor.ts";
import { cleanUp, type CleanUpReport } from "../../../lifecycle/doctor/clean-up.ts";
import { unreadableClaim } from "../../../lifecycle/doctor/verify-store.ts";
import type { Finding } from "../../../lifecycle/doctor/finding.ts";
import { isGiven, textOption, type RunCommand } from "../../command.ts";
import { EXIT_CODES } from "../../exit-codes.ts";

const MARKS = { ok: "ok  ", warning: "warn", failed: "FAIL" } as const satisfies Record<Finding["status"], string>;

/** `doctor`: every check with its remedy; the exit code is that of the first check that failed. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const collected = isGiven(input, "collect") ? await cleanUp(services) : null;
  const checked = await runDoctor(
    services,
    { python: textOption(input, "python"), verify: isGiven(input, "verify") },
    context,
  );
  // Verifying has found them already.
  const unread = isGiven(input, "verify") ? [] : (collected?.unreadable ?? []).map(unreadableClaim);
  const findings = [...checked, ...unread];
  const worst = findings.find(({ status }) => status === "failed");
  const lines = findings.flatMap(({ check, status, message, remedy }) => [
    `${MARKS[status]}  ${check}: ${message}`,
    ...(remedy === null ? [] : [`      → ${remedy}`]),
  ]);
  if (collected !== null) {
    lines.push(
      `Cleaned up: ${collected.abandoned} unfinished publications, ${collected.files} files, ${collected.folders} work folders, ${collected.logs} old logs.`,
    );
  }
  return {
    json: {
      findings: findings.map(({ check, status, message, remedy }) => ({ check, status, message, remedy })),
      collected: collected === null ? null : counted(collected),
    },
    text: lines.join("\n"),
    exitCode: worst === undefined ? 0 : EXIT_CODES[worst.kind ?? "bug"],
  };
};

function counted({ abandoned, files, folders, logs, unreadable }: CleanUpReport) {
  return { abandoned, files, folders, logs, unreadable: [...unreadable] };
}
