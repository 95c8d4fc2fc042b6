import { run } from "./command.ts";
import { generateClient } from "./prisma-client.ts";

export type Check = { name: string; run: (signal: AbortSignal) => Promise<unknown> };

const turbo = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** What can be said of the code without running it. */
export const staticChecks: Check[] = [
  // Also the walls between rooms, import cycles and where `process.env` is read: all rules of .biome.json.
  { name: "format and lint", run: (signal) => run("biome", ["check", "--error-on-warnings", "."], { signal }) },
  { name: "boundaries", run: (signal) => run("turbo", ["boundaries"], { env: turbo, signal }) },
  { name: "types", run: checkTypes },
];

/** Two programs instead of one a package: nothing is read twice, and it takes seconds. */
async function checkTypes(signal: AbortSignal): Promise<void> {
  await generateClient(signal);
  await Promise.all(
    ["packages/tsconfig/house.json", "apps/dashboard"].map((project) => run("tsc", ["-p", project], { signal })),
  );
}
