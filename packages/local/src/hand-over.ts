import { spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./env.ts";
import { generateClient } from "./prisma-client.ts";

/** Runs a main file of another package; the path is relative to `packages/`. @returns whether the exit code was 0 */
export async function handOver(
  main: string,
  signal: AbortSignal,
  options: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<boolean> {
  await generateClient(signal);
  const child = spawn(process.execPath, [`packages/${main}`, ...options], {
    cwd: repository,
    env,
    stdio: "inherit",
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code === 0;
}
