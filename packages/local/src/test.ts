import { buildDashboard } from "./dashboard-build.ts";
import { say } from "./progress.ts";
import { journeys, runSuite, vitest } from "./suite.ts";
import { add, ending } from "./tally.ts";
import { checkStatically, runCheck } from "./verify.ts";

/** Runs all checks and tests, from static checks to a real browser. @returns whether all passed */
export async function test(signal: AbortSignal): Promise<boolean> {
  const checked = await checkStatically(signal);
  // The build comes first: tests that start an installation must not wait for it.
  const built = await runCheck({ name: "the dashboard's build", run: buildDashboard }, signal);
  say("tests without stores and with real stores");
  const tested = await runSuite(vitest(["pure", "store"]), signal);
  say("journeys in a real browser");
  const walked = await runSuite(journeys, signal);
  const total = [checked, built, tested, walked].reduce(add);
  const skippedInCi = Boolean(process.env.CI) && total.skipped > 0;
  if (skippedInCi) say("CI is set: a skipped test (no Redis, no browser) is a failure");
  process.stdout.write(`${ending(total)}\n`);
  return total.failed === 0 && !skippedInCi;
}
