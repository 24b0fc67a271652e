import { parseName } from "../../../model/version/model-reference.ts";
import type { RunCommand } from "../../command.ts";

/** `alias remove`: from now on the alias points nowhere; its history stays. */
export const run: RunCommand = async (context, input) => {
  const model = parseName(input.arguments[0] ?? "", "model");
  const alias = parseName(input.arguments[1] ?? "", "alias");
  const { store } = await context.services();
  const { previous } = await store.removeAlias(model, alias);
  return {
    json: { model, alias, previous },
    text: `${model}@${alias} is removed (it was ${previous ?? "nowhere"}). \`modelwright alias rollback ${model} ${alias}\` brings it back.`,
  };
};
