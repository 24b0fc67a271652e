import type { ExactJson } from "../model/ports/predictor.ts";

type Fields = Readonly<Record<string, ExactJson | undefined>>;

/**
 * Turns rows as other tools write them into a form that clients send: pandas' split orientation
 * (`{"columns", "data"}`), and the `dataframe_split`, `dataframe_records` and `instances` of MLflow's scoring server
 * (https://mlflow.org/docs/latest/deployment/deploy-model-locally). Anything else stays as it is.
 */
export function unwrapRows(value: ExactJson): ExactJson {
  if (!isObject(value)) return value;
  const { dataframe_split: split, dataframe_records: records, instances, columns, data } = value as Fields;
  if (split !== undefined) return unwrapRows(split);
  if (Array.isArray(columns) && Array.isArray(data)) return { inputs: data as ExactJson, names: columns as ExactJson };
  return records ?? instances ?? value;
}

function isObject(value: ExactJson): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
