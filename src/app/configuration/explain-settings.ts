import { join } from "node:path";
import { readFile } from "node:fs/promises";

import type { JsonValue } from "../../kernel/json.ts";
import { jsonPointer } from "../../kernel/parse.ts";
import { lineOfField } from "../../layouts/line-of-field.ts";
import type { Settings } from "../../model/settings.ts";
import { findProject, PROJECT_FILE } from "../project-file.ts";
import type { ProcessFacts } from "../read-process.ts";
import type { GlobalFlags } from "../settings.ts";

/** Where a setting's value comes from. */
export type SettingSource =
  | { readonly kind: "flag" | "variable"; readonly name: string }
  | { readonly kind: "project"; readonly file: string; readonly pointer: string; readonly line: number }
  | { readonly kind: "default" };

export interface ExplainedSetting {
  /** As in `modelwright.json`: `server.port`. */
  readonly name: string;
  readonly value: JsonValue;
  readonly source: SettingSource;
}

interface Place {
  readonly flag?: keyof GlobalFlags;
  /** The first that is set counts. */
  readonly variables?: readonly string[];
  /** Path in the project file; null where it cannot stand there. */
  readonly path: readonly string[] | null;
}

/** Values of variables that models are given are often secrets. */
const HIDDEN = "***";

/** Setting → where it may be set, in the order in which `readSettings` looks. */
const PLACES: Readonly<Record<string, Place>> = {
  profile: { flag: "profile", variables: ["MODELWRIGHT_PROFILE"], path: null },
  home: { flag: "home", variables: ["MODELWRIGHT_HOME"], path: null },
  store: { flag: "store", variables: ["MODELWRIGHT_STORE"], path: ["store"] },
  projectRoot: { flag: "project", path: null },
  python: { variables: ["MODELWRIGHT_PYTHON"], path: ["python"] },
  variables: { path: ["env"] },
  "server.host": { variables: ["MODELWRIGHT_HOST"], path: ["server", "host"] },
  "server.port": { variables: ["MODELWRIGHT_PORT", "PORT"], path: ["server", "port"] },
  "server.memoryLimitBytes": { path: ["server", "memory"] },
  "server.timeoutMs": { path: ["server", "timeoutSeconds"] },
  "server.followIntervalMs": { path: ["server", "followSeconds"] },
  "server.loggedShare": { path: ["server", "logPredictions"] },
};

/** Every setting with its value, secrets hidden, and where that comes from. `settings` are what `readSettings` gave. */
export async function explainSettings(
  settings: Settings,
  { facts, flags }: { readonly facts: ProcessFacts; readonly flags: GlobalFlags },
): Promise<readonly ExplainedSetting[]> {
  const project = await findProject(settings.projectRoot, settings.profile);
  const file = project === null ? null : join(project.folder, PROJECT_FILE);
  const text = file === null ? "" : await readFile(file, "utf8");
  return Object.entries(flatten(settings)).map(([name, value]) => {
    const place = PLACES[name] ?? { path: name.split(".") };
    const source = fromCommand(place, facts, flags) ?? fromProject(place, { file, text, profile: settings.profile });
    return { name, value, source: source ?? { kind: "default" } };
  });
}

function flatten({ server, variables, ...settings }: Settings): Readonly<Record<string, JsonValue>> {
  const set = Object.fromEntries(Object.keys(variables.set).map((name) => [name, HIDDEN]));
  const values = {
    ...settings,
    variables: { pass: variables.pass, set },
    ...Object.fromEntries(Object.entries(server).map(([name, value]) => [`server.${name}`, value as unknown])),
  };
  return JSON.parse(JSON.stringify(values)) as Readonly<Record<string, JsonValue>>;
}

function fromCommand({ flag, variables = [] }: Place, facts: ProcessFacts, flags: GlobalFlags): SettingSource | null {
  if (flag !== undefined && flags[flag] !== undefined) return { kind: "flag", name: `--${flag}` };
  const variable = variables.find((name) => (facts.variables[name] ?? "") !== "");
  return variable === undefined ? null : { kind: "variable", name: variable };
}

interface ProjectText {
  readonly file: string | null;
  readonly text: string;
  readonly profile: string | null;
}

/** A profile lies over the rest of the file. */
function fromProject({ path }: Place, { file, text, profile }: ProjectText): SettingSource | null {
  if (path === null || file === null) return null;
  const paths = [...(profile === null ? [] : [["profiles", profile, ...path]]), path];
  for (const candidate of paths) {
    const line = lineOfField(text, candidate);
    if (line !== null) return { kind: "project", file, pointer: jsonPointer(candidate), line };
  }
  return null;
}
