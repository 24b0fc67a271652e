/** The predictions in a reply of ours or of a peer of ours. */
export interface PredictionsReply {
  readonly predictions: readonly unknown[];
}

/** Asks a server for predictions of rows, one row a request. */
export async function askEach(url: string, rows: readonly object[]): Promise<readonly unknown[]> {
  const answers: unknown[] = [];
  for (const row of rows) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify([row]) });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    answers.push(...((await response.json()) as PredictionsReply).predictions);
  }
  return answers;
}

const RELATIVE = 1e-9;

/** @throws Error when two lists of answers are not equal, floats to within 1e-9. A benchmark of different work says nothing. */
export function requireSameAnswers(ours: unknown, peers: unknown): void {
  if (!isSame(ours, peers)) throw new Error(`Answers differ:\n${JSON.stringify(ours)}\n${JSON.stringify(peers)}`);
}

function isSame(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number") {
    return Math.abs(one - other) <= RELATIVE * Math.max(1, Math.abs(one));
  }
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) return one === other;
  const [fields, others] = [Object.entries(one), new Map<string, unknown>(Object.entries(other))];
  return fields.length === others.size && fields.every(([key, value]) => isSame(value, others.get(key)));
}
