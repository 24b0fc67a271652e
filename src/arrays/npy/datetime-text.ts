/** Units of a year or month, whose length varies, count months; all others count seconds or parts of one. */
const MONTHS: Readonly<Record<string, bigint>> = { Y: 12n, M: 1n };
const SECONDS: Readonly<Record<string, bigint>> = { W: 604_800n, D: 86_400n, h: 3_600n, m: 60n, s: 1n };
const DECIMALS: Readonly<Record<string, number>> = { ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 };
const MONTHS_UNTIL_1970 = 1970n * 12n;
const SECONDS_A_DAY = 86_400n;
/** Characters of `2026-11-20T10:15:00` that a unit is exact to. */
const EXACT_TO: Readonly<Record<string, number>> = { Y: 4, M: 7, W: 10, D: 10, h: 13, m: 16, s: 19 };

/**
 * A time since 1970 as ISO 8601, as exact as its unit: `2026`, `2026-11`, `2026-11-20`, `2026-11-20T10:15:00.123`.
 * @param unit - of `datetime64`: Y, M, W, D, h, m, s, ms, us, ns, ps, fs or as.
 */
export function datetimeText(count: bigint, unit: string): string {
  const months = MONTHS[unit];
  if (months !== undefined) {
    const total = count * months + MONTHS_UNTIL_1970;
    const year = floorDivide(total, 12n);
    return [yearText(year), ...(unit === "M" ? [two(total - year * 12n + 1n)] : [])].join("-");
  }
  const decimals = DECIMALS[unit] ?? 0;
  const parts = 10n ** BigInt(decimals);
  const wholeSeconds = decimals === 0 ? count * (SECONDS[unit] ?? 1n) : floorDivide(count, parts);
  const day = floorDivide(wholeSeconds, SECONDS_A_DAY);
  const second = wholeSeconds - day * SECONDS_A_DAY;
  const date = dateText(day);
  const time = `T${two(second / 3_600n)}:${two((second / 60n) % 60n)}:${two(second % 60n)}`;
  const text = `${date}${time}`.slice(0, (EXACT_TO[unit] ?? 19) + date.length - 10);
  return decimals === 0 ? text : `${text}.${String(count - wholeSeconds * parts).padStart(decimals, "0")}`;
}

/** The date of a day since 1970-01-01 in the Gregorian calendar: H. Hinnant, "chrono-compatible date algorithms", civil_from_days. */
function dateText(day: bigint): string {
  const shifted = day + 719_468n;
  const era = floorDivide(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1_460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n;
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  return `${yearText(year)}-${two(month)}-${two(dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n)}`;
}

function yearText(year: bigint): string {
  return year < 0n ? `-${String(-year).padStart(4, "0")}` : String(year).padStart(4, "0");
}

function two(value: bigint): string {
  return String(value).padStart(2, "0");
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend % divisor < 0n ? quotient - 1n : quotient;
}
