import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Agent } from "./agents.ts";

const INSTALL_MS = 300_000;

/**
 * Installs an agent with npm in a folder of its own. Its install scripts do not run.
 * @returns null, or why it is not there
 */
export async function install({ package: name, version }: Agent, folder: string): Promise<string | null> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, "package.json"), '{"private":true}');
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const child = spawn("npm", ["install", ...options, `${name}@${version}`], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: INSTALL_MS,
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const failed = new Promise<string>((resolve) => child.once("error", (error) => resolve(error.message)));
  const code = await Promise.race([once(child, "close").then(([code]) => code as number | null), failed]);
  return code === 0 ? null : `npm does not install ${name}@${version}: ${output.trim() || code}`;
}
