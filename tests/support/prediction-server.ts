import type { Signature } from "../../src/model/definition/signature.ts";
import { createHttpServer, type HttpServer, type HttpServerFields } from "../../src/http/create-http-server.ts";
import { loadedModel, type LoadedModelFields } from "../../src/serving/loaded-model.ts";
import { modelHost, type ModelHost } from "../../src/serving/model-host.ts";
import { collectedLog, type LoggedEvent } from "./collected-log.ts";
import { FunctionEngine, type AnswerRows } from "./function-engine.ts";

/** Two columns, an integer and an optional float. */
export const SIGNATURE: Signature = {
  columns: [
    { name: "age", type: "integer", min: 0, max: 150 },
    { name: "score", type: "float", optional: true, nullable: true },
  ],
  outputs: [{ name: "answer", kind: "value" }],
};

/** A running server with one model, `churn`, that answers every row with its first value. */
export interface PredictionServer {
  readonly url: string;
  readonly port: number;
  readonly host: ModelHost;
  readonly http: HttpServer;
  readonly engine: FunctionEngine;
  readonly events: readonly LoggedEvent[];
  stop(): Promise<void>;
}

export interface PredictionServerFields {
  readonly answer?: AnswerRows;
  readonly model?: Partial<LoadedModelFields>;
  readonly limits?: HttpServerFields["limits"];
}

const firstValues: AnswerRows = (rows) => rows.map((row) => (Array.isArray(row) ? (row[0] as number) : null));

export async function startPredictionServer(fields: PredictionServerFields = {}): Promise<PredictionServer> {
  const { log, events } = collectedLog();
  const host = modelHost({ log });
  const engine = new FunctionEngine(fields.answer ?? firstValues);
  await host.put("churn", serveWith(engine, "churn", fields.model));
  const http = createHttpServer({
    predictor: host,
    apiVersion: "1",
    log,
    metrics: (statusOf) => host.metrics(statusOf),
    limits: { lingerMs: 500, ...fields.limits },
  });
  const { url } = await http.listen({ host: "127.0.0.1", port: 0 });
  const stop = async (): Promise<void> => {
    engine.release();
    await http.drain(100);
    await host.drain(100);
  };
  return { url, port: Number(new URL(url).port), host, http, engine, events, stop };
}

/** A loaded model for another name or version. */
export function serveWith(engine: FunctionEngine, name: string, fields: Partial<LoadedModelFields> = {}) {
  const info: LoadedModelFields["info"] = {
    ...{ name, reference: `${name}@champion`, version: "v7", digest: "abc" },
    ...{ proof: "predictions", metrics: { accuracy: 0.9 } },
  };
  return loadedModel({ info, engine, signature: SIGNATURE, batchable: true, loggedShare: 0, ...fields });
}
