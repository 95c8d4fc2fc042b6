import { parseArgs } from "node:util";
import { startProvider } from "@tollgate/testkit/provider";
import { openRig } from "../rig.ts";
import { LANES, playTable, printed } from "./table.ts";

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const provider = await startProvider();
const rig = await openRig(LANES, provider.url);
try {
  const entries = await playTable({ rig, provider }, values.only);
  console.log(printed(entries));
  const wrong = entries.filter(({ cell }) => cell?.verdict === "wrong").length;
  console.log(`\n${entries.length} cells, ${wrong} wrong`);
  if (wrong > 0) process.exitCode = 1;
} finally {
  await rig.close();
  await provider.close();
}
process.exit();
