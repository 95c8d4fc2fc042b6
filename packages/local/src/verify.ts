import { staticChecks } from "./checks.ts";
import { say } from "./progress.ts";
import { runSuite, vitest } from "./suite.ts";
import { add, ending, type Tally } from "./tally.ts";

/** Everything that needs no database, in seconds. @returns whether all is well */
export async function verify(signal: AbortSignal): Promise<boolean> {
  const total = add(await checkStatically(signal), await runSuite(vitest(["pure"]), signal));
  process.stdout.write(`${ending(total)}\n`);
  return total.failed === 0;
}

/** The static checks, side by side; each counts as one test. */
export async function checkStatically(signal: AbortSignal): Promise<Tally> {
  const results = await Promise.all(
    staticChecks.map(async ({ name, run }) => {
      try {
        await run(signal);
        say(`${name}: fine`);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        process.stdout.write(`${(error as Error).message}\n`);
        say(`${name}: FAILED, see above`);
        return false;
      }
    }),
  );
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}
