import { explainSettings, type SettingSource } from "../../../app/configuration/explain-settings.ts";
import { textOption, type RunCommand } from "../../command.ts";
import { table } from "../../output/text.ts";

/** `config show`: every setting of the tool as it counts here, and where it was said. */
export const run: RunCommand = async (context, input) => {
  const { settings } = await context.services();
  const flag = (name: string) => textOption(input, name) ?? undefined;
  const flags = { home: flag("home"), project: flag("project"), store: flag("store"), profile: flag("profile") };
  const explained = await explainSettings(settings, { facts: context.facts, flags });
  const rows = explained.map(({ name, value, source }) => [name, text(value), describeSource(source)]);
  return {
    json: { settings: explained.map((setting) => ({ ...setting })) },
    text: table(["SETTING", "VALUE", "FROM"], rows),
  };
};

function text(value: unknown): string {
  return typeof value === "string" ? value : value === null ? "-" : JSON.stringify(value);
}

function describeSource(source: SettingSource): string {
  switch (source.kind) {
    case "flag":
    case "variable":
      return source.name;
    case "project":
      return `${source.file}:${source.line} (${source.pointer})`;
    case "default":
      return "default";
  }
}
