import { type Check, staticChecks } from "./checks.ts";
import { say } from "./progress.ts";
import { runSuite, vitest } from "./suite.ts";
import { add, ending, nothing, type Tally } from "./tally.ts";

/** Runs all checks that need no database, in seconds. @returns whether all passed */
export async function verify(signal: AbortSignal): Promise<boolean> {
  const total = add(await checkStatically(signal), await runSuite(vitest(["pure"]), signal));
  process.stdout.write(`${ending(total)}\n`);
  return total.failed === 0;
}

/** Runs the static checks in parallel. */
export async function checkStatically(signal: AbortSignal): Promise<Tally> {
  const tallies = await Promise.all(staticChecks.map((check) => runCheck(check, signal)));
  return tallies.reduce(add);
}

/** Counts a check as one test. Shows its message if it fails. */
export async function runCheck({ name, run }: Check, signal: AbortSignal): Promise<Tally> {
  try {
    await run(signal);
    say(`${name}: fine`);
    return { ...nothing, passed: 1 };
  } catch (error) {
    signal.throwIfAborted();
    process.stdout.write(`${(error as Error).message}\n`);
    say(`${name}: FAILED, see above`);
    return { ...nothing, failed: 1, failures: [name] };
  }
}
