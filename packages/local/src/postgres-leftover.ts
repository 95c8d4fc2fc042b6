import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { commandLine, endProcess } from "./process-end.ts";

/**
 * Ends the server a killed supervisor left on this cluster. Without it the next server would refuse the folder, or, worse,
 * take the pid of a stranger that has the number now for a running server.
 */
export async function endLeftoverServer(dir: string): Promise<void> {
  const file = path.join(dir, "postmaster.pid");
  const pid = Number(firstLine(file));
  if (!pid) return;
  if (commandLine(pid).includes(dir))
    await endProcess(pid, [
      ["SIGINT", 10_000],
      ["SIGQUIT", 5_000],
      ["SIGKILL", 5_000],
    ]);
  rmSync(file, { force: true });
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}
