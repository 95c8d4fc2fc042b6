import { spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./env.ts";
import { generateClient } from "./prisma-client.ts";

/** Hands over to the main of a package that measures or hurts. @returns whether it ended well */
export async function handOver(room: "bench" | "chaos", signal: AbortSignal, options: string[]): Promise<boolean> {
  await generateClient(signal);
  const child = spawn(process.execPath, [`packages/${room}/src/main.ts`, ...options], {
    cwd: repository,
    stdio: "inherit",
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"));
  const [code] = await once(child, "exit");
  return code === 0;
}
