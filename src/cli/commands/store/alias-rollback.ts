import { parseName } from "../../../model/version/model-reference.ts";
import { textOption, type RunCommand } from "../../command.ts";

/** `alias rollback`: points an alias to the version before, or to one that it pointed to earlier. */
export const run: RunCommand = async (context, input) => {
  const model = parseName(input.arguments[0] ?? "", "model");
  const alias = parseName(input.arguments[1] ?? "", "alias");
  const { store } = await context.services();
  const { version, previous, changed } = await store.rollbackAlias(model, alias, textOption(input, "to"));
  const before = previous === null ? "" : ` (before: ${previous})`;
  return {
    json: { model, alias, version, previous, changed },
    text: changed
      ? `${model}@${alias} is ${version ?? ""} again${before}.`
      : `${model}@${alias} was ${version ?? ""} already.`,
  };
};
