const LEVELS = ["debug", "info", "warn", "error", "silent"];

/**
 * The settings that are needed before Next starts. This folder imports nothing but Node, so it cannot use the shared
 * parsers; `test/serve.test.ts` compares both. `problems` has one line for each wrong value.
 */
export function readServeEnv(from: Record<string, string | undefined> = process.env) {
  const portName = from.DASHBOARD_PORT ? "DASHBOARD_PORT" : "PORT";
  const portText = from[portName] || "3000";
  const port = Number(portText);
  const logLevel = from.TOLLGATE_LOG_LEVEL || "info";
  const problems: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    problems.push(
      `${portName} is ${JSON.stringify(portText)}${Number.isNaN(port) ? ", not a number" : ""}: expected a whole number from 0 to 65535.`,
    );
  if (!LEVELS.includes(logLevel))
    problems.push(`TOLLGATE_LOG_LEVEL is ${JSON.stringify(logLevel)}: expected one of ${LEVELS.join(", ")}.`);
  // HOSTNAME is not read: shells and containers set it to the machine's own name.
  return { port, host: from.DASHBOARD_HOST || "localhost", logLevel, problems };
}

/** Passes on what Next reads from the environment itself. Next leaves signals to `src/operate/`. */
export function setForNext({ port, host }: { port: number; host: string }): void {
  process.env.NEXT_MANUAL_SIG_HANDLE = "1";
  process.env.PORT = String(port);
  process.env.HOSTNAME = host;
}
