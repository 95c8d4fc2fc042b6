import type { Contender } from "./contenders.ts";
import { cpuUs, rssMib } from "./cost.ts";
import { load } from "./load.ts";
import type { Case } from "./workload.ts";

export interface Pace {
  rounds: number;
  /**
   * Calls until a contender's code is compiled, which Node does beside the calls for tens of thousands of them: what is
   * measured is a gateway at work, not one that starts. The slow ones get `warmUpMsMax` at most.
   */
  warmUpCalls: Record<Case, number>;
  warmUpMsMax: number;
  saturatedMs: number;
  pacedMs: number;
}

/** One contender in one case: one entry a round, latencies of all rounds together. */
export interface Score {
  cpuUsPerCall: number[];
  callsPerSecond: number[];
  latenciesMs: number[];
  rssMib: number;
}

const CONCURRENCY: Record<Case, number> = { json: 32, stream: 8 };
/** Far below what the slowest contender can carry, so that latency is a call's own and not the queue's. */
const PER_SECOND: Record<Case, number> = { json: 100, stream: 20 };

async function measure(contender: Contender, name: Case, pace: Pace, score: Score): Promise<void> {
  const calls = load(contender, name);
  const before = contender.pid === null ? 0 : cpuUs(contender.pid);
  const saturated = await calls.saturate(CONCURRENCY[name], pace.saturatedMs);
  const spent = contender.pid === null ? 0 : cpuUs(contender.pid) - before;
  score.cpuUsPerCall.push(spent / saturated.calls);
  score.callsPerSecond.push((saturated.calls * 1000) / saturated.elapsedMs);
  score.latenciesMs.push(...(await calls.pace(PER_SECOND[name], pace.pacedMs)));
  score.rssMib = contender.pid === null ? 0 : rssMib(contender.pid);
  await calls.close();
  await contender.atRest?.();
}

/** Contenders take turns within each round, each round in another order, so that none has the quiet moments. */
export async function runCase(contenders: Contender[], name: Case, pace: Pace): Promise<Map<Contender, Score>> {
  const scores = new Map<Contender, Score>();
  for (const contender of contenders) {
    scores.set(contender, { cpuUsPerCall: [], callsPerSecond: [], latenciesMs: [], rssMib: 0 });
    const warming = load(contender, name);
    await warming.saturate(CONCURRENCY[name], pace.warmUpMsMax, pace.warmUpCalls[name]);
    await warming.close();
    await contender.atRest?.();
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const [contender, score] = [...scores][(turn + round) % contenders.length] ?? [];
      if (contender && score) await measure(contender, name, pace, score);
    }
  }
  return scores;
}
