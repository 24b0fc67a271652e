import { bareServer } from "./benchmarks/serving/bare-server.ts";
import { aliasSwitch } from "./benchmarks/serving/alias-switch.ts";
import { environmentReady } from "./benchmarks/commands/environment-ready.ts";
import { help } from "./benchmarks/commands/help.ts";
import { list } from "./benchmarks/commands/list.ts";
import { manyClients } from "./benchmarks/serving/many-clients.ts";
import { npy } from "./benchmarks/data/npy.ts";
import { oneClient } from "./benchmarks/serving/one-client.ts";
import { report } from "./benchmarks/data/report.ts";
import { runs } from "./benchmarks/commands/runs.ts";
import { serverStart } from "./benchmarks/serving/server-start.ts";
import { train } from "./benchmarks/commands/train.ts";
import { typescriptModel } from "./benchmarks/serving/typescript-model.ts";
import { worker } from "./benchmarks/serving/worker.ts";
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
  worker,
  oneClient,
  bareServer,
  manyClients,
  typescriptModel,
  aliasSwitch,
  npy,
];
