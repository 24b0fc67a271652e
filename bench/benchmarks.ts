import { aliasSwitch } from "./benchmarks/alias-switch.ts";
import { environmentReady } from "./benchmarks/environment-ready.ts";
import { help } from "./benchmarks/help.ts";
import { list } from "./benchmarks/list.ts";
import { manyClients } from "./benchmarks/many-clients.ts";
import { npy } from "./benchmarks/npy.ts";
import { oneClient } from "./benchmarks/one-client.ts";
import { report } from "./benchmarks/report.ts";
import { runs } from "./benchmarks/runs.ts";
import { serverStart } from "./benchmarks/server-start.ts";
import { train } from "./benchmarks/train.ts";
import { typescriptModel } from "./benchmarks/typescript-model.ts";
import type { Benchmark } from "./support/harness/benchmark.ts";

/** Every benchmark, in the order in which a user would feel them. */
export const BENCHMARKS: readonly Benchmark[] = [
  help,
  list,
  runs,
  report,
  environmentReady,
  train,
  serverStart,
  oneClient,
  manyClients,
  typescriptModel,
  aliasSwitch,
  npy,
];
