import { explainSettings } from "../../../app/configuration/explain-settings.ts";
import type { ProcessFacts } from "../../../app/read-process.ts";
import type { RunCommand } from "../../command.ts";
import { globalFlags } from "../../options/global-flags.ts";
import { describeSettingSource, valueText } from "../../output/setting-text.ts";
import { unusablePort } from "../../options/unusable-port.ts";
import { table } from "../../output/text.ts";

/** `config show`: every setting of the tool as it counts here, where it was said, and which would be refused. */
export const run: RunCommand = async (context, input) => {
  const { settings } = await context.services();
  const explained = await explainSettings(settings, { facts: context.facts, flags: globalFlags(input) });
  const rows = explained.map(({ name, value, source }) => [name, valueText(value), describeSettingSource(source)]);
  const faults = settings.server.port === null ? [portFault(context.facts)] : [];
  return {
    json: { settings: explained.map((setting) => ({ ...setting })), faults },
    text: [
      table(["SETTING", "VALUE", "FROM"], rows),
      ...faults.map(({ code, message, hint }) => `\nwarning ${code}: ${message} \`serve\` fails. ${hint ?? ""}`),
    ].join("\n"),
  };
};

function portFault(facts: ProcessFacts): {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
} {
  const { code, message, hint } = unusablePort(facts, "the port with MODELWRIGHT_PORT or serve --port");
  return { name: "server.port", code, message, hint };
}
