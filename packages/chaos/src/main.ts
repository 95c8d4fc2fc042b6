import { parseArgs } from "node:util";
import { redisMissing } from "@tollgate/testkit/redis";
import { planFaults } from "./plan.ts";
import { report } from "./report.ts";
import { runChaos } from "./run.ts";

const PER_SECOND = 200;
const USAGE = "pnpm chaos [--seed <whole number>] [--minutes <number>]";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, minutes: { type: "string", default: "1" } },
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
const missing = await redisMissing();

if (!Number.isInteger(seed) || !(minutes > 0)) {
  console.error(USAGE);
  process.exitCode = 1;
} else if (missing) {
  console.error(`chaos needs a Redis: ${missing}`);
  process.exitCode = 1;
} else {
  const durationMs = minutes * 60_000;
  console.log(`seed ${seed}, ${minutes} min, ${PER_SECOND} calls/s: 30 % streams, 10 % of the clients leave`);
  const outcome = await runChaos({
    seed,
    plan: planFaults(seed, durationMs),
    durationMs,
    perSecond: PER_SECOND,
    onStruck: ({ fault, startedMs }) => console.log(`${(startedMs / 1000).toFixed(1).padStart(7)} s  ${fault}`),
  });
  console.log(`\n${report(outcome)}`);
  if (Object.keys(outcome.broken).length > 0) {
    console.log(`to run the same faults again: pnpm chaos --seed ${seed} --minutes ${minutes}`);
    process.exitCode = 1;
  }
}
