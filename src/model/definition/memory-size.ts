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

/** A size as people give it to `--memory`: `2 GiB`, `200 MiB`, and `500 MB` for what is no whole number of MiB. */
export function formatMemorySize(sizeBytes: number): string {
  const units = [
    ["GiB", 2 ** 30],
    ["MiB", 2 ** 20],
  ] as const;
  const whole = units.find(([, bytes]) => sizeBytes % bytes === 0);
  return whole === undefined ? `${Number((sizeBytes / 1e6).toPrecision(3))} MB` : `${sizeBytes / whole[1]} ${whole[0]}`;
}
