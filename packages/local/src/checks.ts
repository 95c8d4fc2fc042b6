import { run } from "./command.ts";
import { generateClient } from "./prisma-client.ts";

export type Check = { name: string; run: (signal: AbortSignal) => Promise<unknown> };

const turbo = { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };

/** Static checks of the code. */
export const staticChecks: Check[] = [
  // Includes package boundaries, import cycles and the use of `process.env`: all are rules in .biome.json.
  { name: "format and lint", run: (signal) => run("biome", ["check", "--error-on-warnings", "."], { signal }) },
  { name: "boundaries", run: (signal) => run("turbo", ["boundaries"], { env: turbo, signal }) },
  { name: "types", run: checkTypes },
];

/** Two TypeScript programs instead of one per package: no file is read twice, and it takes seconds. */
async function checkTypes(signal: AbortSignal): Promise<void> {
  await generateClient(signal);
  await Promise.all(
    ["packages/tsconfig/repository.json", "apps/dashboard"].map((project) => run("tsc", ["-p", project], { signal })),
  );
}
