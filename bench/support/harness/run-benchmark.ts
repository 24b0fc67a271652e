import { isWithin, type Benchmark, type Bound, type Round, type Sides } from "./benchmark.ts";
import { summarise, type Summary } from "./statistics.ts";
import { withWorkspace, type Say } from "./workspace.ts";

/** The outcome of one benchmark. */
export interface BenchmarkResult {
  readonly benchmark: Pick<Benchmark, "name" | "title" | "peer" | "unit" | "bound">;
  readonly ours: Summary;
  readonly peer: Summary | null;
  /** What the bound is about, round by round. */
  readonly compared: Summary;
  readonly isMet: boolean;
  readonly rounds: readonly Round[];
}

/**
 * Measures both sides in turn, so that whatever else the machine does falls on both. A first round warms up and does not
 * count; the side that begins changes from round to round.
 */
export async function runBenchmark(
  benchmark: Benchmark,
  { rounds: count, say }: { readonly rounds: number | null; readonly say: Say },
): Promise<BenchmarkResult> {
  return withWorkspace(say, async (workspace) => {
    const { name, title, peer, unit, bound } = benchmark;
    say(`${name}: preparing`);
    const sides = await benchmark.prepare(workspace);
    await measureRound(sides, false);
    const rounds: Round[] = [];
    for (let number = 1; number <= (count ?? benchmark.rounds); number++) {
      const round = await measureRound(sides, number % 2 === 0);
      const against = round.peer === null ? "" : ` (${peer}: ${round.peer.toFixed(1)})`;
      say(`${name}: round ${number}: ${round.ours.toFixed(1)} ${unit}${against}`);
      rounds.push(round);
    }
    const compared = summarise(rounds.map((round) => compare(bound, round)));
    return {
      benchmark: { name, title, peer, unit, bound },
      ours: summarise(rounds.map((round) => round.ours)),
      peer: rounds.some((round) => round.peer === null)
        ? null
        : summarise(rounds.map((round) => round.peer ?? Number.NaN)),
      compared,
      isMet: isWithin(bound, compared.median),
      rounds,
    };
  });
}

async function measureRound(sides: Sides, oursFirst: boolean): Promise<Round> {
  if ("inTurn" in sides) return sides.inTurn();
  const { ours, peer } = sides;
  if (peer === null) return { ours: await ours(), peer: null };
  if (oursFirst) return { ours: await ours(), peer: await peer() };
  return { peer: await peer(), ours: await ours() };
}

function compare({ compare: kind }: Bound, { ours, peer }: Round): number {
  if (kind === "value" || peer === null) return ours;
  return kind === "ratio" ? ours / peer : ours - peer;
}
