/*
 * `modelwright/testing`: for tests of programs that use the package.
 */
export { expectSamePredictions } from "../../library/expect-same-predictions.ts";
export { temporaryModelStore, type TemporaryModelStore } from "../../library/temporary-model-store.ts";
