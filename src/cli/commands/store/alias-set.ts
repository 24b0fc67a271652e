import { parseModelReference, parseName } from "../../../model/version/model-reference.ts";
import type { RunCommand } from "../../command.ts";

/** `alias set`: points an alias at a version. Setting it where it points already is a success that writes nothing. */
export const run: RunCommand = async (context, input) => {
  const [text = "", name = ""] = input.arguments;
  const reference = parseModelReference(text);
  const alias = parseName(name, "alias");
  const { store } = await context.services();
  const { model, version } = await store.resolve(reference);
  const move = await store.setAlias(model, alias, version);
  const before = move.previous === null ? "" : ` (before: ${move.previous})`;
  return {
    json: { model, alias, version, previous: move.previous, changed: move.changed },
    text: move.changed ? `${model}@${alias} is now ${version}${before}.` : `${model}@${alias} was ${version} already.`,
  };
};
