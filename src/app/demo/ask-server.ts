import { predictionClient } from "../../http-client/prediction-client.ts";
import type { JsonObject, JsonValue } from "../../kernel/json.ts";
import { stringifyExact } from "../../model/prediction/exact-json.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import type { DemoModel } from "./make-version.ts";
import type { Say } from "./step-timer.ts";

/** Asks each model one good row, and a batch in which one row is bad. */
export async function askServer(url: string, models: readonly DemoModel[], say: Say): Promise<JsonObject> {
  const client = predictionClient(url);
  const answers: Record<string, JsonValue> = {};
  const { signal } = new AbortController();
  for (const { name, row } of models) {
    say(`\n  ${name}`);
    const one = await client.predict(name, { rows: [row] }, signal);
    say(`    one row          → ${stringifyExact(one.predictions[0] ?? null)}`);
    const batch = await client.predict(name, { rows: [row, spoil(row), row] }, signal);
    say(
      `    three, one bad   → ${batch.predictions.length} answered (rows ${batch.rows.join(" and ")}); errors: ${JSON.stringify(batch.errors)}`,
    );
    answers[name] = { one: plain(one), batch: plain(batch) };
  }
  const [first] = models;
  if (first !== undefined) {
    say(
      `\n      $ curl ${url}/v1/${first.name}/predict -H 'content-type: application/json' -d '${JSON.stringify([first.row])}'`,
    );
  }
  return answers;
}

/** A row with text where a number belongs. */
function spoil(row: JsonObject): JsonObject {
  const number = Object.keys(row).find((name) => typeof row[name] === "number");
  return number === undefined ? {} : { ...row, [number]: "not a number" };
}

function plain({ predictions, rows, version, errors }: PredictReply): JsonObject {
  const answers = predictions.map((prediction) => JSON.parse(stringifyExact(prediction)) as JsonValue);
  return { predictions: answers, rows, version, errors };
}
