import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { commandLine, endProcess, isAlive, orderlyThenKill } from "./process-end.ts";

/** Ends a server that a killed supervisor left on this cluster. Otherwise the next one would refuse the folder. */
export async function endLeftoverServer(dir: string): Promise<void> {
  const lock = path.join(dir, "postmaster.pid");
  const pid = Number(firstLine(lock));
  // The lock of a dead server stays: it makes the next server wait for the dead one's last sessions.
  if (!pid || !isAlive(pid)) return;
  if (commandLine(pid).includes(dir)) await endProcess(pid, orderlyThenKill);
  else rmSync(lock); // after a reboot another process has the id, and Postgres would take it for a running server
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, "utf8").split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}
