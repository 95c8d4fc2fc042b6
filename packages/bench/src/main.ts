import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { benchCalls } from "./calls.ts";
import { benchChecks } from "./checks.ts";
import { benchGuardrails } from "./guardrails.ts";
import { benchIngest } from "./ingest.ts";
import { benchScale } from "./scale/scale.ts";
import { benchSize } from "./size.ts";
import { benchSpend } from "./spend.ts";

const { values, positionals } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    uniform: { type: "boolean", default: false },
    events: { type: "string" },
    scale: { type: "string", default: "1" },
    dir: { type: "string", default: path.join(import.meta.dirname, "../../../.data/bench-scale") },
    rebuild: { type: "boolean", default: false },
    dashboard: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
  allowPositionals: true,
});
const events = (usual: number, few: number): number => (values.quick ? few : Number(values.events ?? usual));

console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
if (positionals.includes("spend")) await benchSpend(events(10_000_000, 100_000));
else if (positionals.includes("ingest")) await benchIngest(events(150_000, 10_000));
else if (positionals.includes("size")) await benchSize(events(186_000, 20_000), values.uniform);
else if (positionals.includes("scale")) await benchScale({ ...values, scale: Number(values.scale) });
else if (positionals.includes("checks")) await benchChecks(values.quick ? 500 : 10_000, values.quick ? 25 : 500);
else if (positionals.includes("guardrails")) await benchGuardrails(values.quick);
else {
  await benchCalls(values.quick);
  await benchGuardrails(values.quick);
}
