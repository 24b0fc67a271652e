import { Failure } from "../../kernel/failure.ts";
import type { PreparedEnvironment } from "../../model/ports/environment.ts";
import type { RowSet } from "../../model/ports/predictor.ts";
import type { PredictReply } from "../../model/prediction/predict-reply.ts";
import { pickleOpener } from "../data/pickle-opener.ts";
import { predictRows, predictRowSet, type Answering } from "../predicting/predict-rows.ts";
import { untilInterrupted } from "../running/until-interrupted.ts";
import type { EnvironmentChoice, Services, Work } from "../services.ts";
import { explainPredictFailure } from "../serving/explain-predict-failure.ts";
import type { Loadable } from "../serving/loadable.ts";
import { faceOf, startModel, type StartedModel } from "../serving/start-model.ts";

/** One of two models that are asked the same rows. */
export interface Side {
  /** As messages name it: `churn@20261120-101500UTC`, `run 20261121-101500-3e70cd`. */
  readonly label: string;
  readonly kind: "version" | "run" | "definition";
  readonly loadable: Loadable;
  /** Repeats the proof of a version, so that what is compared is what was published; null where there is none. */
  readonly prove: ((started: StartedModel) => Promise<void>) | null;
}

/** Rows that both sides are asked: a file, which each reads by its own signature, or rows at hand. */
export interface NamedRows {
  /** As messages name them: `the examples`, `rows.csv`. */
  readonly name: string;
  readonly rows: string | RowSet;
}

export interface SideAnswers {
  /** In the order of the sets. */
  readonly replies: readonly PredictReply[];
  readonly environment: PreparedEnvironment;
}

/**
 * Starts a model, asks it every set of rows, and stops it.
 * @throws Failure of environment, model, proof or rows, naming the side.
 */
export async function askSide(
  services: Services,
  {
    side,
    sets,
    choice,
  }: { readonly side: Side; readonly sets: readonly NamedRows[]; readonly choice: EnvironmentChoice },
  work: Work,
): Promise<SideAnswers> {
  const started = await startModel(services, { loadable: side.loadable, choice }, work).catch((error: unknown) => {
    throw ofSide(error, side);
  });
  try {
    const { signal } = work;
    return await untilInterrupted({ signal, stop: started.stop }, async () => {
      await side.prove?.(started);
      work.onProgress({ step: "rows.asked", message: `Asking ${side.label}` });
      const openPickled = pickleOpener(services, choice.python, work);
      const replies = await askSets(services, { started, openPickled }, sets);
      return { replies, environment: started.environment };
    });
  } catch (error) {
    throw ofSide(error, side);
  } finally {
    await started.stop();
  }
}

async function askSets(
  services: Services,
  { started, openPickled }: { readonly started: StartedModel } & Pick<Answering, "openPickled">,
  sets: readonly NamedRows[],
): Promise<readonly PredictReply[]> {
  const face = faceOf(services, started, { batchable: false, proof: "none" });
  const answering: Answering = {
    columns: started.loadable.signature?.columns,
    predict: (request) => face.predict(request),
    openPickled,
  };
  const replies: PredictReply[] = [];
  for (const { name, rows } of sets) {
    const asked = typeof rows === "string" ? predictRows(answering, rows) : predictRowSet(answering, rows);
    replies.push(
      await asked.catch((error: unknown) => {
        throw explainPredictFailure(error, name);
      }),
    );
  }
  return replies;
}

function ofSide(error: unknown, { label }: Side): unknown {
  if (!(error instanceof Failure) || error.code === "INTERRUPTED" || error.message.includes(label)) return error;
  const { code, message, hint, details } = error;
  return new Failure(code, { message: `${label}: ${message}`, hint: hint ?? undefined, details, cause: error });
}
