import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchCalls } from "./calls.ts";
import { benchSpend } from "./spend.ts";

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false }, events: { type: "string", default: "10000000" } },
  allowPositionals: true,
});
console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
if (positionals.includes("spend")) await benchSpend(values.quick ? 100_000 : Number(values.events));
else await benchCalls(values.quick);
