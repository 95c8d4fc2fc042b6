import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { startByteProvider } from "../byte-provider.ts";
import { openRig } from "../rig.ts";
import { lanesOf } from "./lanes.ts";
import { inOrder, readRecordings } from "./recording.ts";
import { type Replayed, replay, surfacesOf } from "./replay.ts";
import { report } from "./report.ts";

const USAGE = "pnpm replay <folder> [--only <part of a name>]";

const { values, positionals } = parseArgs({
  options: { only: { type: "string", default: "" } },
  allowPositionals: true,
});
const [folder] = positionals;
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

if (folder === undefined || !existsSync(folder)) {
  console.log(
    folder === undefined ? `skipped: no folder was given. ${USAGE}` : `skipped: there is no folder ${folder}.`,
  );
} else {
  const recordings = (await readRecordings(folder)).filter(({ name }) => name.includes(values.only));
  const provider = await startByteProvider();
  const rig = await openRig(
    recordings.flatMap((each) => lanesOf(each, surfacesOf(each))),
    provider.url,
  );
  const replayed: Replayed[] = [];
  try {
    for (const recording of inOrder(recordings)) replayed.push(...(await replay({ rig, provider }, recording)));
  } finally {
    await rig.close();
    await provider.close();
  }
  console.log(report(replayed));
  const different = replayed.filter(({ verdict }) => verdict === "differs").length;
  console.log(`\n${recordings.length} recordings, ${different} unexplained differences`);
  if (different > 0) process.exitCode = 1;
}
process.exit();
