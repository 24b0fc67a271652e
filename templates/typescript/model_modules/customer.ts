import { readFileSync } from "node:fs";

/** A row as it is served. */
export interface Customer {
  readonly tenure_months: number | bigint;
  readonly monthly_price: number | bigint;
  readonly plan: string;
}

const PLANS = ["basic", "plus", "pro"];

/** Numbers for the learner, all of about the same size; a plan that is not known leaves its places at 0. */
export function encode({ tenure_months, monthly_price, plan }: Customer): number[] {
  // Integers that a number cannot hold exactly come as bigint.
  return [1, Number(tenure_months) / 12, Number(monthly_price) / 20, ...PLANS.map((known) => (plan === known ? 1 : 0))];
}

/** Reads a CSV file with the columns tenure_months, monthly_price, plan, churned, none of them quoted. */
export function readCustomers(path: string): {
  readonly customers: readonly Customer[];
  readonly churned: readonly number[];
} {
  const [, ...lines] = readFileSync(path, "utf8").trimEnd().split(/\r?\n/);
  const rows = lines.map((line) => line.split(","));
  return {
    customers: rows.map(([months, price, plan = ""]) => ({
      tenure_months: Number(months),
      monthly_price: Number(price),
      plan,
    })),
    churned: rows.map((cells) => Number(cells[3])),
  };
}
