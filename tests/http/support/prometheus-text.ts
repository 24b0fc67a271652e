/** A line of the text format: name, labels, value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const HELP = new RegExp(`^# HELP (${NAME}) (.*)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/**
 * Reads the text format of Prometheus, and throws for whatever a strict reader would refuse: lines out of their family,
 * a family twice, a sample twice, a histogram whose buckets do not rise or do not end with +Inf and its count.
 */
export function parsePrometheus(text: string): readonly Sample[] {
  if (!text.endsWith("\n")) throw new Error("The last line has no end.");
  const families = new Map<string, Sample[]>();
  let family = { name: "", type: "" };
  const seen = new Set<string>();
  for (const line of text.slice(0, -1).split("\n")) {
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help !== null) {
      family = { name: help[1] ?? "", type: "" };
      if (families.has(family.name)) throw new Error(`Family twice: ${line}`);
      families.set(family.name, []);
    } else if (type !== null) {
      if (type[1] !== family.name || family.type !== "") throw new Error(`Type out of place: ${line}`);
      family = { name: family.name, type: type[2] ?? "" };
    } else {
      const sample = parseSample(line);
      const suffixes = family.type === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
      if (!suffixes.some((suffix) => sample.name === family.name + suffix)) throw new Error(`Out of place: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`Sample twice: ${line}`);
      seen.add(key);
      families.get(family.name)?.push(sample);
      if (family.type !== "gauge" && sample.value < 0) throw new Error(`Negative: ${line}`);
    }
  }
  for (const [name, samples] of families) checkHistogram(name, samples);
  return [...families.values()].flat();
}

function parseSample(line: string): Sample {
  const [, name = "", labelText = "", valueText = ""] = SAMPLE.exec(line) ?? [];
  if (name === "") throw new Error(`Not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < labelText.length) {
    const match = LABEL.exec(labelText);
    if (match === null) throw new Error(`Not labels: ${line}`);
    const [, label = "", text = ""] = match;
    labels[label] = text.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  const value = valueText === "+Inf" ? Infinity : Number(valueText);
  if (Number.isNaN(value)) throw new Error(`Not a number: ${line}`);
  return { name, labels, value };
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const buckets = new Map<string, Sample[]>();
  for (const sample of samples.filter((one) => one.name === `${name}_bucket`)) {
    const key = JSON.stringify(Object.fromEntries(Object.entries(sample.labels).filter(([label]) => label !== "le")));
    buckets.set(key, [...(buckets.get(key) ?? []), sample]);
  }
  for (const [key, series] of buckets) {
    const bounds = series.map(({ labels }) => (labels["le"] === "+Inf" ? Infinity : Number(labels["le"])));
    const rises = (values: readonly number[]) =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    const count = samples.find((one) => one.name === `${name}_count` && JSON.stringify(one.labels) === key)?.value;
    const isWhole = bounds.at(-1) === Infinity && series.at(-1)?.value === count;
    if (!isWhole || !rises(bounds) || !rises(series.map(({ value }) => value)))
      throw new Error(`Not a histogram: ${name}`);
  }
}

/** The value of the one sample with this name and at least these labels; 0 where there is none. */
export function valueOf(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  const found = samples.filter(
    (one) => one.name === name && Object.entries(labels).every(([label, text]) => one.labels[label] === text),
  );
  if (found.length > 1) throw new Error(`${name} has ${found.length} such samples.`);
  return found[0]?.value ?? 0;
}
