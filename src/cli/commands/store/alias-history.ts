import { Failure } from "../../../kernel/failure.ts";
import { parseName } from "../../../model/version/model-reference.ts";
import type { RunCommand } from "../../command.ts";
import { table } from "../../output/text.ts";

/** `alias history`: where an alias pointed, when, and who moved it. */
export const run: RunCommand = async (context, input) => {
  const model = parseName(input.arguments[0] ?? "", "model");
  const alias = parseName(input.arguments[1] ?? "", "alias");
  const { store } = await context.services();
  const history = await store.aliasHistory(model, alias);
  if (history.length === 0) {
    await store.requireModel(model);
    throw new Failure("VERSION_NOT_FOUND", {
      message: `The model ${model} never had an alias ${alias} in the store ${store.location}.`,
      hint: `modelwright alias list ${model} shows its aliases.`,
    });
  }
  const rows = history.map(({ createdAt, version, publisher, state }) => [
    createdAt ?? "?",
    version ?? (state === "removed" ? "(removed)" : "?"),
    state === "present" || state === "removed" ? "" : state,
    publisher ?? "?",
  ]);
  const faults = [...new Set(history.flatMap(({ fault }) => fault ?? []))];
  const text = [table(["SINCE", "VERSION", "STATE", "BY"], rows), ...faults].join("\n");
  const entries = history.map(({ number, version, createdAt, publisher, state, fault }) => {
    return { number, version, createdAt, publisher, state, fault };
  });
  return { json: { model, alias, history: entries }, text };
};
