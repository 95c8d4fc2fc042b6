import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startProvider } from "@tollgate/testkit/provider";
import { FAMILIES, laneOf } from "../matrix/families.ts";
import { openRig } from "../rig.ts";
import { AGENTS } from "./agents.ts";
import { install } from "./install.ts";
import { play } from "./play.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" }, dir: { type: "string" } } });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const agents = AGENTS.filter(({ id }) => id.includes(values.only));
const families = FAMILIES.filter(({ id }) => agents.some(({ family }) => family === id));
const dir = values.dir ?? (await mkdtemp(path.join(tmpdir(), "tollgate-agents-")));
const provider = await startProvider();
const rig = await openRig(families.map(laneOf), provider.url);
let failed = 0;
try {
  for (const agent of agents) {
    const folder = path.join(dir, agent.package.replaceAll("/", "-"));
    const missing = await install(agent, folder);
    const upstreamModel = families.find(({ id }) => id === agent.family)?.upstreamModel ?? "";
    const { isOk, reason } = missing
      ? { isOk: false, reason: missing }
      : await play(agent, folder, { rig, provider, upstreamModel });
    if (!isOk) failed += 1;
    console.log(`${isOk ? "ok    " : "FAILED"}  ${agent.id} ${agent.version} in front of ${agent.family}: ${reason}`);
  }
} finally {
  await rig.close();
  await provider.close();
  if (values.dir === undefined) await rm(dir, { recursive: true, force: true });
}
process.exit(failed > 0 ? 1 : 0);
