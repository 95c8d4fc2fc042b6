import { Refusal } from "./refusal.ts";

// Runs on the pinned Node, after up.mjs has installed the packages.

/** @returns whether it succeeded */
type Mode = (signal: AbortSignal, options: string[]) => Promise<boolean>;

const modes: Record<string, Mode> = {
  start: async (signal, options) => (await import("./start.ts")).start({ empty: options.includes("--empty"), signal }),
  operator: async (signal, options) => (await import("./operator.ts")).operator(signal, options),
  check: async () => (await import("./check/check.ts")).check(),
  verify: async (signal) => (await import("./verify.ts")).verify(signal),
  test: async (signal) => (await import("./test.ts")).test(signal),
  bench: async (signal, options) => (await import("./hand-over.ts")).handOver("bench/src/main.ts", signal, options),
  chaos: async (signal, options) => (await import("./hand-over.ts")).handOver("chaos/src/main.ts", signal, options),
  attack: async (signal, options) =>
    (await import("./hand-over.ts")).handOver("chaos/src/attack/main.ts", signal, options),
  agents: async (signal, options) =>
    (await import("./hand-over.ts")).handOver("conformance/src/agents/main.ts", signal, options),
  python: async (signal, options) =>
    (await import("./hand-over.ts")).handOver("conformance/src/python/main.ts", signal, options),
  matrix: async (signal, options) =>
    (await import("./hand-over.ts")).handOver("conformance/src/matrix/main.ts", signal, options),
  replay: async (signal, options) =>
    (await import("./hand-over.ts")).handOver("conformance/src/replay/main.ts", signal, options),
};

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop.abort());

const [mode = "start", ...options] = process.argv.slice(2);
try {
  const run = modes[mode];
  if (!run) throw new Refusal(`there is no ${mode}; there are ${Object.keys(modes).join(", ")}.`);
  process.exitCode = (await run(stop.signal, options)) ? 0 : 1;
} catch (error) {
  if (stop.signal.aborted) process.exitCode = 130;
  else {
    process.exitCode = 1;
    const text = error instanceof Refusal ? error.message : described(error);
    process.stderr.write(`${text.replace(error instanceof Refusal ? /^/gm : /^/, "tollgate: ")}\n`);
  }
}
// Exits also if something, such as an idle socket, still keeps the event loop open.
process.exit();

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause ? `${error.message}\n${described(error.cause)}` : error.message;
}
