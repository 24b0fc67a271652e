/*
 * `modelwright/config-readers`: readers of configurations alone, small enough to be bundled into a model.
 */
import { setProcessVariables } from "../../library/configurations/process-variables.ts";
import { readProcess } from "../read-process.ts";

setProcessVariables(() => readProcess().variables);

export { LocalConfigReader, type LocalConfigOptions } from "../../library/configurations/local-config-reader.ts";
export { StatsigConfigReader, type StatsigConfigOptions } from "../../library/configurations/statsig-config-reader.ts";
export { Failure } from "../../kernel/failure.ts";
export type { JsonObject, JsonValue } from "../../kernel/json.ts";
