import type { GlobalFlags } from "../../app/settings.ts";
import { textOption, type CommandInput } from "../command.ts";

/** The flags that every command takes and that settings are read with. */
export function globalFlags(input: CommandInput): GlobalFlags {
  const flag = (name: string) => textOption(input, name) ?? undefined;
  return { home: flag("home"), project: flag("project"), store: flag("store"), profile: flag("profile") };
}
