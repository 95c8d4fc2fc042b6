import { startContenders } from "./contenders.ts";
import { type Pace, runCase } from "./rounds.ts";
import { table, translationUs } from "./table.ts";
import { CASES, CHUNKS } from "./workload.ts";

const FULL: Pace = {
  rounds: 3,
  warmUpCalls: { json: 60_000, stream: 1_500 },
  warmUpMsMax: 20_000,
  saturatedMs: 2000,
  pacedMs: 1200,
};
const QUICK: Pace = { ...FULL, rounds: 1, warmUpCalls: { json: 20_000, stream: 500 }, warmUpMsMax: 8_000 };

/** Measures the cost of a call against a plain pass-through and another gateway. */
export async function benchCalls(isQuick: boolean): Promise<void> {
  const { contenders, stop } = await startContenders();
  try {
    console.log("All on loopback; load, provider and gateway share the machine.");
    console.log(
      "tollgate: key, allow-list, two limits, price and spool on; CPU is the proxy's. portkey: nothing switched on. floor: node:http + undici.",
    );
    for (const name of CASES) {
      const scores = await runCase(contenders, name, isQuick ? QUICK : FULL);
      console.log(`\n${name === "json" ? "JSON calls" : `Streams of ${CHUNKS} chunks`}\n${table(scores)}`);
      console.log(
        `Translating a call takes ${translationUs(scores).toFixed(0)} µs of CPU more than passing it through.`,
      );
    }
  } finally {
    await stop();
  }
}
