import { spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./env.ts";
import { generateClient } from "./prisma-client.ts";

/** Hands over to packages/bench. @returns whether it came to its end */
export async function bench(signal: AbortSignal, options: string[]): Promise<boolean> {
  await generateClient(signal);
  const child = spawn(process.execPath, ["packages/bench/src/main.ts", ...options], {
    cwd: repository,
    stdio: "inherit",
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code === 0;
}
