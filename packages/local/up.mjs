#!/usr/bin/env node
// The only file that runs on the Node of the machine (18 or newer). It installs with the pinned pnpm and continues on the
// pinned Node with src/main.ts.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const bin = path.join(root, "node_modules/.bin");
const [mode = "start", ...options] = process.argv.slice(2);

function refuse(line) {
  process.stderr.write(`tollgate: ${line}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split(".")[0]) < 18) refuse(`Node ${process.versions.node} is too old: 18 is needed.`);

const startedAt = Date.now();
installOnce();
handOver();

function installOnce() {
  const lockfile = createHash("sha256")
    .update(readFileSync(path.join(root, "pnpm-lock.yaml")))
    .update(`${process.platform}-${process.arch}`)
    .digest("hex");
  const stamp = path.join(root, "node_modules/.tollgate-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockfile) return;
  const { packageManager } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  process.stdout.write(`Installing with ${packageManager} …\n`);
  const { NODE_ENV: _, ...env } = process.env; // with "production" the development tools would not be installed
  const install = ["-y", packageManager, "install", "--frozen-lockfile", "--reporter=append-only"];
  const { error, status } = spawnSync("npx", install, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  if (error) refuse(`npx does not run (${error.message}): npm is needed beside Node.`);
  if (status !== 0) refuse(`the install ended with ${status}; its output is above.`);
  if (!existsSync(path.join(bin, "node"))) refuse(`there is no pinned Node for ${process.platform}-${process.arch}.`);
  writeFileSync(stamp, lockfile);
}

function handOver() {
  const main = ["--import", path.join(here, "src/watch-parent.mjs"), path.join(here, "src/main.ts"), mode, ...options];
  const child = spawn(path.join(bin, "node"), main, {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: {
      ...process.env,
      PATH: `${bin}${path.delimiter}${process.env.PATH}`,
      TOLLGATE_STARTED_AT: String(startedAt),
      TOLLGATE_WATCH_FD: "3",
    },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => refuse(error.message));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
  // npm's shell may end on a signal without passing it on.
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid;
    setInterval(() => process.ppid === parent || child.kill("SIGTERM"), 1_000).unref();
  }
}
