import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

const isThere = (program: string): boolean => spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;

/** Null if the program is installed, or root can install it with apt-get. Otherwise the reason why it is missing. */
export async function programMissing(program: string, debianPackage = program): Promise<string | null> {
  if (isThere(program)) return null;
  if (process.getuid?.() !== 0) return `no ${program} on PATH`;
  // Waits for the lock if a parallel test file is installing too.
  const install = ["-o", "DPkg::Lock::Timeout=60", "install", "-y", "--no-install-recommends", debianPackage];
  await run("apt-get", install, { timeout: 120_000 }).catch(() => {});
  return isThere(program) ? null : `no ${program} on PATH, and apt-get could not install it`;
}
