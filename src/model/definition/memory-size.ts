const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

// People also write "1K", "512MB" and "1g"; Kubernetes itself knows only the first column of the table.
const SPELLINGS: Readonly<Record<string, string>> = { K: "k", KB: "k", MB: "M", GB: "G", TB: "T", m: "M", g: "G" };

/**
 * Bytes of a memory quantity as Kubernetes writes it (`100Mi`, `1.5Gi`, `500M`, `128974848`), or null when it is none.
 * A lower-case `m` means mega, not Kubernetes' thousandth: nobody limits memory to a thousandth of a byte.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseMemorySize(quantity: string | number): number | null {
  const match = /^(\d+(?:\.\d+)?(?:[eE]\d{1,2})?)\s*([A-Za-z]*)$/.exec(String(quantity).trim());
  if (match === null) return null;
  const [, digits = "", unit = ""] = match;
  const factor = UNIT_BYTES[SPELLINGS[unit] ?? unit];
  const sizeBytes = factor === undefined ? Number.NaN : Math.floor(Number(digits) * factor);
  return Number.isSafeInteger(sizeBytes) && sizeBytes > 0 ? sizeBytes : null;
}

/** A bare Python takes 14 MiB, a bare Node 39 MiB: a limit below this one ends every process as soon as it is measured. */
export const LEAST_PROCESS_MEMORY_BYTES = 16 * 2 ** 20;

/** Whether a limit of this size leaves a process room to start; null, no size at all, does not. */
export function canHoldProcess(sizeBytes: number | null): boolean {
  return sizeBytes !== null && sizeBytes >= LEAST_PROCESS_MEMORY_BYTES;
}

/** A size as people give it to `--memory`: `2 GiB`, `200 MiB`, `500 MB` for what is no whole number of MiB, `5 bytes`. */
export function formatMemorySize(sizeBytes: number): string {
  for (const [unit, bytes] of BINARY_UNITS) if (sizeBytes % bytes === 0) return `${sizeBytes / bytes} ${unit}`;
  const [unit, bytes] = DECIMAL_UNITS.find(([, factor]) => sizeBytes >= factor) ?? ["bytes", 1];
  return `${Number((sizeBytes / bytes).toPrecision(3))} ${unit}`;
}

const BINARY_UNITS = [
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
] as const;

const DECIMAL_UNITS = [
  ["MB", 1e6],
  ["kB", 1e3],
] as const;
