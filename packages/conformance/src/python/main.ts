import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startProvider } from "@tollgate/testkit/provider";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { FAMILIES, laneOf } from "../matrix/families.ts";
import { parsed } from "../meaning/json.ts";
import { openRig } from "../rig.ts";
import { run } from "./run.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const CLIENTS = ["openai", "anthropic", "google-genai"].filter((name) => name.includes(values.only));
const SCRIPT = path.join(import.meta.dirname, "clients.py");
const TEXT = "Zürich has rain 🌧 today.";
const CALL = answer({ text: "Look:", toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] });
const GOOD = JSON.stringify({ text: TEXT, stream: TEXT, input: { city: "Bern" }, last: TEXT });

const dir = await mkdtemp(path.join(tmpdir(), "tollgate-python-"));
const python = path.join(dir, "bin", "python");

/** Null: the clients are installed. Otherwise why they are not. */
async function install(): Promise<string | null> {
  const made = await run("python3", ["-m", "venv", dir]);
  if (made.code !== 0) return `python3 with venv is not installed: ${made.output.trim()}`;
  const got = await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...CLIENTS]);
  return got.code === 0 ? null : `pip does not install ${CLIENTS.join(", ")}: ${got.output.trim()}`;
}

async function play(): Promise<number> {
  const provider = await startProvider();
  const rig = await openRig(FAMILIES.map(laneOf), provider.url);
  let failed = 0;
  try {
    for (const client of CLIENTS) {
      for (const { upstreamModel } of FAMILIES) {
        const said = answer({ text: TEXT });
        provider.scriptModel(upstreamModel, said, said, CALL, said);
      }
      const { output } = await run(python, [SCRIPT, client, rig.origin, rig.key, ...FAMILIES.map(({ id }) => id)]);
      const lines = output.split("\n").filter((line) => line.startsWith("{"));
      const got = new Map(lines.map(parsed).map(({ model, ...rest }) => [model, JSON.stringify(rest)]));
      for (const { id } of FAMILIES) {
        const isOk = got.get(id) === GOOD;
        if (!isOk) failed += 1;
        const reason = isOk ? "" : `: ${got.get(id) ?? (output.trim().slice(-300) || "no answer")}`;
        console.log(`${isOk ? "ok    " : "FAILED"}  ${client} in front of ${id}${reason}`);
      }
    }
  } finally {
    await rig.close();
    await provider.close();
  }
  return failed;
}

try {
  const missing = await install();
  if (missing === null) process.exitCode = (await play()) > 0 ? 1 : 0;
  else console.log(`skipped: ${missing}`);
} finally {
  await rm(dir, { recursive: true, force: true });
}
process.exit();
