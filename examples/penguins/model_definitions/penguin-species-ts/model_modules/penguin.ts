import { readFileSync } from "node:fs";

export const NUMBERS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"] as const;
export const CATEGORIES = ["island", "sex"] as const;

/** A penguin as it is served: every column of the signature, null where nothing was measured. */
export type Penguin = Readonly<Record<(typeof NUMBERS)[number], number | null>> &
  Readonly<Record<(typeof CATEGORIES)[number], string | null>>;

export interface LabelledPenguins {
  readonly penguins: readonly Penguin[];
  readonly species: readonly string[];
}

/** Reads a CSV file of this data set: no cell of it is quoted, and NA stands for what is missing. */
export function readPenguins(path: string): LabelledPenguins {
  const [header = "", ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
  const names = header.split(",");
  const records = lines.map((line) => {
    const cells = line.split(",");
    return new Map(names.map((name, index) => [name, cells[index]]));
  });
  return {
    penguins: records.map(penguinOf),
    species: records.map((record) => requireCell(record, "species")),
  };
}

function penguinOf(record: ReadonlyMap<string, string | undefined>): Penguin {
  const text = (name: string): string | null => {
    const cell = requireCell(record, name);
    return cell === "NA" ? null : cell;
  };
  const number = (name: string): number | null => {
    const cell = text(name);
    return cell === null ? null : Number(cell);
  };
  return {
    bill_length_mm: number("bill_length_mm"),
    bill_depth_mm: number("bill_depth_mm"),
    flipper_length_mm: number("flipper_length_mm"),
    body_mass_g: number("body_mass_g"),
    island: text("island"),
    sex: text("sex"),
  };
}

function requireCell(record: ReadonlyMap<string, string | undefined>, name: string): string {
  const cell = record.get(name);
  if (cell === undefined) throw new Error(`The data have no column "${name}".`);
  return cell;
}
