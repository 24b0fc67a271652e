import { setImmediate as nextTurn } from "node:timers/promises";

import type { ExactJson, PredictionService, RowSet } from "../model/ports/predictor.ts";
import { stringifyExact } from "../model/prediction/exact-json.ts";
import { parseBody } from "../model/prediction/parse-body.ts";
import type { PredictReply } from "../model/prediction/predict-reply.ts";
import { readNamedRows, readRows } from "../model/prediction/request-envelope.ts";
import { Failure } from "../kernel/failure.ts";
import { requireJson } from "./content-type.ts";
import type { HttpLimits } from "./http-limits.ts";
import { BodyBudget, decodeText, readBody, refuseAnnouncedLength, type BodyReading } from "./read-body.ts";
import { jsonReply, type Reply } from "./reply.ts";
import type { Exchange, Handler } from "./router.ts";

export interface PredictRoutes {
  /** `POST /v1/<model>/predict` */
  readonly named: Handler;
  /** `POST /predict`, which also takes the older form with names and an ndarray. */
  readonly sole: Handler;
}

type ReadRows = (body: ExactJson) => RowSet;

export function predictRoutes(predictor: PredictionService, limits: HttpLimits): PredictRoutes {
  const budget = new BodyBudget(limits.maxBufferedBytes);

  /** What a body held is counted until its reply is made: parsed rows live as long. */
  async function answer(exchange: Exchange, model: string, read: ReadRows): Promise<Reply> {
    let heldBytes = 0;
    const hold = (bytes: number): Failure | null => {
      const refusal = budget.take(bytes);
      if (refusal === null) heldBytes += bytes;
      return refusal;
    };
    try {
      const use = async (body: Buffer): Promise<Reply> => {
        const parsing = parseBody(decodeText(body), limits.maxDepth, nextTurn);
        const { rows, names } = read(parsing instanceof Promise ? await parsing : parsing);
        const request = { rows, names, isAlone: exchange.connectionCount() === 1 };
        return predictionReply(await predictor.predict(model, request));
      };
      return await receiveBody(exchange, { maxBytes: limits.maxBodyBytes, hold, use });
    } finally {
      budget.release(heldBytes);
    }
  }

  return {
    named: (exchange) => {
      // Before the body is read: there is no use in sending one to a model that is not there.
      predictor.findModel(exchange.model);
      return answer(exchange, exchange.model, readRows);
    },
    sole: (exchange) => {
      const { name, signature } = predictor.findModel(soleModel(predictor));
      const columns = signature === null ? null : signature.columns.map((column) => column.name);
      return answer(exchange, name, (body) => readNamedRows(body, columns));
    },
  };
}

function receiveBody<T>({ request, response }: Exchange, reading: BodyReading<T>): Promise<T> {
  requireJson(request.headers);
  refuseAnnouncedLength(request, reading.maxBytes);
  if (request.headers.expect !== undefined) response.writeContinue();
  return readBody(request, reading);
}

/** @throws Failure `ROUTE_NOT_FOUND` when there are several models or none. */
function soleModel(predictor: PredictionService): string {
  const [first, ...others] = predictor.states();
  if (first !== undefined && others.length === 0) return first.name;
  throw new Failure("ROUTE_NOT_FOUND", {
    message: "POST /predict is answered only by a server of exactly one model.",
    hint: "POST to /v1/<model>/predict.",
  });
}

/** 422 when there were rows and every one of them was bad. */
function predictionReply({ predictions, rows, version, errors }: PredictReply): Reply {
  const isRefused = errors !== null && predictions.length === 0;
  return jsonReply(isRefused ? 422 : 200, stringifyExact({ predictions, rows, version, errors }));
}
