import { parseName } from "../../../model/version/model-reference.ts";
import type { RunCommand } from "../../command.ts";
import { table } from "../../output/text.ts";

/** `alias list`: the aliases of a model. */
export const run: RunCommand = async (context, input) => {
  const model = parseName(input.arguments[0] ?? "", "model");
  const { store } = await context.services();
  const { aliases, damaged } = await store.aliases(model);
  if (aliases.length + damaged.length === 0) await store.requireModel(model);
  const json = aliases.map(({ alias, version, createdAt, publisher }) => ({ alias, version, createdAt, publisher }));
  const rows = [
    ...aliases.map(({ alias, version, createdAt }) => [alias, version ?? "", createdAt]),
    ...damaged.map(({ alias, code, message }) => [alias, code, message]),
  ];
  const text =
    aliases.length + damaged.length === 0
      ? `${model} has no aliases. \`modelwright alias set ${model} champion\` sets one.`
      : table(["ALIAS", "VERSION", "SINCE"], rows);
  return { json: { model, aliases: json, damaged: damaged.map((alias) => ({ ...alias })) }, text };
};
