/*
 * `modelwright`: model configurations and models for use inside another program.
 */
import { setHost } from "../../library/host.ts";
import { readProcess } from "../read-process.ts";

setHost({
  openServices: async ({ home, store, project }) => {
    // Loaded when it is used: a program that only reads a configuration should start as quickly as before.
    const { composeServices } = await import("../compose-services.ts");
    return composeServices(readProcess(), { home, store, project });
  },
});

export * from "./config-readers.ts";
export { BaseMLModel } from "../../library/base-ml-model.ts";
export { loadModel, type EmbeddedModel, type LoadOptions } from "../../library/load-model.ts";
export { ModelConfig, type ModelConfigOptions } from "../../library/model-config.ts";
export type { FileSource, SetSource } from "../../library/placed-files.ts";
export type { StoreOptions } from "../../library/store-options.ts";
export type { ErrorCode, ErrorKind } from "../../kernel/error-codes.ts";
export type { ExactJson, ServedModel } from "../../model/ports/predictor.ts";
export type { Trust } from "../../model/version/trust.ts";
export type { PredictReply } from "../../model/prediction/predict-reply.ts";
