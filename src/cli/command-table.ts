import type { CommandSpec } from "./command.ts";
import { environmentCommands } from "./commands/environments/environment-commands.ts";
import { modelCommands } from "./commands/models/model-commands.ts";
import { reproducingCommands } from "./commands/runs/reproducing-commands.ts";
import { runsCommands } from "./commands/runs/runs-commands.ts";
import { servingCommands } from "./commands/serving/serving-commands.ts";
import { storeCommands } from "./commands/store/store-commands.ts";
import { toolCommands } from "./commands/tool/tool-commands.ts";

/** Every command. */
export const COMMANDS: readonly CommandSpec[] = [
  ...modelCommands,
  ...runsCommands,
  ...reproducingCommands,
  ...environmentCommands,
  ...storeCommands,
  ...servingCommands,
  ...toolCommands,
];
