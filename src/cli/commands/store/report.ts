import { resolve } from "node:path";

import { reportOfVersion } from "../../../lifecycle/reporting/report-version.ts";
import { parseModelReference } from "../../../model/version/model-reference.ts";
import { textOption, type RunCommand } from "../../command.ts";
import { writePage } from "../runs/runs-report.ts";

/** `report`: the page of a version, in the working directory unless told. */
export const run: RunCommand = async (context, input) => {
  const services = await context.services();
  const reference = parseModelReference(input.arguments[0] ?? "");
  const { model, version, page } = await reportOfVersion(services, reference, context);
  const path = resolve(context.facts.cwd, textOption(input, "out") ?? `${model}-${version}.html`);
  await writePage(path, page);
  return { json: { model, version, report: path }, text: path };
};
