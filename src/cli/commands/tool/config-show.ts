import { explainSettings } from "../../../app/configuration/explain-settings.ts";
import type { RunCommand } from "../../command.ts";
import { globalFlags } from "../../options/global-flags.ts";
import { describeSettingSource, valueText } from "../../output/setting-text.ts";
import { table } from "../../output/text.ts";

/** `config show`: every setting of the tool as it counts here, and where it was said. */
export const run: RunCommand = async (context, input) => {
  const { settings } = await context.services();
  const explained = await explainSettings(settings, { facts: context.facts, flags: globalFlags(input) });
  const rows = explained.map(({ name, value, source }) => [name, valueText(value), describeSettingSource(source)]);
  return {
    json: { settings: explained.map((setting) => ({ ...setting })) },
    text: table(["SETTING", "VALUE", "FROM"], rows),
  };
};
