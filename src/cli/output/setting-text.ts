import type { SettingSource } from "../../app/configuration/explain-settings.ts";

/** A value of a setting as people read it. */
export function valueText(value: unknown): string {
  return typeof value === "string" ? value : value === null ? "-" : JSON.stringify(value);
}

/** Where a setting was said: `--store`, `MODELWRIGHT_STORE`, `modelwright.json:3 (/store)`, `default`. */
export function describeSettingSource(source: SettingSource): string {
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
