import { listKeptEnvironments } from "../../../lifecycle/environments/list-kept-environments.ts";
import { carryOutPruning, planPruning, type Removal } from "../../../lifecycle/environments/prune-environments.ts";
import { isGiven, type RunCommand } from "../../command.ts";
import { numberOption } from "../../options/environment-choice.ts";

const LONGEST_DAYS = 36_500;
const WHY: Readonly<Record<Removal["reason"], string>> = {
  unused: "nothing uses it",
  old: "not used for long",
  broken: "broken",
};
const SPARED_BECAUSE = { building: "it is being built", running: "a process runs in it" } as const;

/** `env prune`: removes what nothing uses. With `--dry-run` the plan is printed. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const olderThanDays = numberOption(input, "olderThan", { min: 0, max: LONGEST_DAYS, whole: false });
  const isDryRun = isGiven(input, "dryRun");
  const kept = await listKeptEnvironments(services, context);
  const removals = planPruning(kept, { now: services.clock.now(), olderThanDays });
  const spared = isDryRun ? [] : await carryOutPruning(services, removals, context);
  const removed = removals.filter((one) => !spared.some(({ folder }) => folder === one.folder));
  const verb = isDryRun ? "Would remove" : "Removed";
  const lines = [
    ...removed.map((one) => `${verb} ${one.folder} (${WHY[one.reason]})`),
    ...spared.map((one) => `Kept ${one.folder}: ${SPARED_BECAUSE[one.because]}`),
  ];
  return {
    json: {
      removed: removed.map(({ folder, reason }) => ({ folder, reason })),
      spared: spared.map(({ folder, because }) => ({ folder, because })),
      written: !isDryRun,
    },
    text: lines.length === 0 ? "Nothing to remove." : lines.join("\n"),
  };
};
