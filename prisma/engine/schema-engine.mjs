#!/usr/bin/env node
// Replaces the `schema-engine` binary that Prisma's CLI would download: same command line, same JSON-RPC on stdin and
// stdout. It is the wasm engine of the npm registry, which uses Postgres through Prisma's pg adapter.
import { readArguments } from "./arguments.mjs";
import { databaseCommands } from "./database-commands.mjs";
import { engineVersion, openEngine } from "./engine.mjs";
import { serveJsonRpc } from "./json-rpc.mjs";
import { engineMethods } from "./methods.mjs";

const asked = readArguments(process.argv.slice(2));
if (asked.version) console.log(`schema-engine-cli ${engineVersion()}`);
else if (asked.command) process.exitCode = await runCommand(asked);
else {
  const withEngine = await openEngine(asked);
  await serveJsonRpc(engineMethods(withEngine, asked.datasource), { input: process.stdin, output: process.stdout });
}

async function runCommand({ command, datasource }) {
  log("INFO", { message: "schema engine" }); // the CLI drops the first line
  try {
    await databaseCommands[command](datasource.url);
    log("INFO", { message: "done" });
    return 0;
  } catch ({ code, message, meta = {} }) {
    log("ERROR", { is_panic: false, error_code: code ?? "", message, meta });
    return 1;
  }
}

function log(level, fields) {
  const line = { timestamp: new Date().toISOString(), level, fields, target: "schema_engine::logger" };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
