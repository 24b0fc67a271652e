import { explainSettings } from "../../../app/configuration/explain-settings.ts";
import { explainDefinition, type FieldSource } from "../../../lifecycle/definitions/explain-definition.ts";
import { pickDefinition } from "../../../lifecycle/definitions/pick-definition.ts";
import type { RunCommand } from "../../command.ts";
import { globalFlags } from "../../options/global-flags.ts";
import { describeSettingSource, valueText } from "../../output/setting-text.ts";
import { table } from "../../output/text.ts";
import { searchFolder } from "../../search-folder.ts";

/** Settings of the tool that a model's runs depend on. */
const SETTINGS = ["python", "install", "installer", "wheels", "variables", "minimumProof", "storeTestSet"];

/** `explain`: each value that counts for a model, and where it was said. */
export const run: RunCommand = async (context, input) => {
  const model = input.arguments[0] ?? null;
  const services = await context.services(await searchFolder(context.facts.cwd, model));
  const definition = await pickDefinition(services, model, context.facts.cwd);
  const fields = await explainDefinition(definition, services.settings);
  const flags = globalFlags(input);
  const all = await explainSettings(services.settings, { facts: context.facts, flags });
  const settings = all.filter(({ name }) => SETTINGS.includes(name));
  const { id, name, storeName, folder } = definition;
  const rows = [
    ...fields.map(({ name: field, value, source }) => [field, valueText(value), describeFieldSource(source)]),
    ...settings.map(({ name: setting, value, source }) => [setting, valueText(value), describeSettingSource(source)]),
  ];
  return {
    json: { model: { id, name, storeName, folder }, fields, settings },
    text: `${name} (${folder})\n${table(["FIELD", "VALUE", "FROM"], rows)}`,
  };
};

function describeFieldSource(source: FieldSource): string {
  switch (source.kind) {
    case "definition": {
      const { file, pointer, line } = source;
      return `${file}${line === null ? "" : `:${line}`}${pointer === null ? "" : ` (${pointer})`}`;
    }
    case "project":
      return `modelwright.json (${source.pointer})`;
    case "default":
      return `default: ${source.reason}`;
  }
}
