import { parseArgs } from "node:util";
import { ATTACKS } from "./table.ts";

const { positionals, values } = parseArgs({
  options: { list: { type: "boolean", default: false } },
  allowPositionals: true,
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

const unknown = positionals.filter((name) => !ATTACKS.some((attack) => attack.name === name));
if (values.list || unknown.length > 0) {
  if (unknown.length > 0) console.error(`unknown attack: ${unknown.join(", ")}. Attacks:`);
  for (const { name, does } of ATTACKS) console.log(`${name.padEnd(24)} ${does}`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const tally = { passed: 0, failed: 0, skipped: 0 };
  for (const attack of ATTACKS) {
    if (positionals.length > 0 && !positionals.includes(attack.name)) continue;
    console.log(`\n${attack.name}: ${attack.does}`);
    const { measured, broken, skipped } = await attack
      .run()
      .catch((error: unknown) => ({ measured: {}, broken: [String(error)], skipped: undefined }));
    for (const [what, value] of Object.entries(measured)) console.log(`  ${what}: ${value}`);
    for (const sentence of broken) console.log(`  BROKEN ${sentence}`);
    if (skipped) console.log(`  skipped: ${skipped}`);
    tally[skipped ? "skipped" : broken.length > 0 ? "failed" : "passed"]++;
  }
  console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  process.exitCode = tally.failed > 0 ? 1 : 0;
}
