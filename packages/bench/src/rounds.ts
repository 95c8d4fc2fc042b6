import type { Contender } from "./contender.ts";
import { cpuUs, rssMib } from "./cost.ts";
import { load } from "./load.ts";
import type { Case } from "./workload.ts";

export interface Pace {
  rounds: number;
  /**
   * Makes calls until a contender's code is compiled. Node needs tens of thousands of calls for that. So the bench measures
   * a warm gateway. Slow contenders get at most `warmUpMsMax`.
   */
  warmUpCalls: Record<Case, number>;
  warmUpMsMax: number;
  saturatedMs: number;
  pacedMs: number;
}

/** Results of one contender in one case: one entry per round, latencies of all rounds together. */
export interface Score {
  cpuUsPerCall: number[];
  callsPerSecond: number[];
  latenciesMs: number[];
  rssMib: number;
}

const CONCURRENCY: Record<Case, number> = { json: 32, stream: 8 };
/** Far below the capacity of the slowest contender, so that latency contains no queueing. */
const PER_SECOND: Record<Case, number> = { json: 100, stream: 20 };

async function measure(contender: Contender, name: Case, pace: Pace, score: Score): Promise<void> {
  await contender.prepare?.();
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

/** The contenders take turns within each round, in another order each round, so that noise of the machine affects all. */
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
