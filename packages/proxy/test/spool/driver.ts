import { writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { eventText } from "@tollgate/contracts/usage-event";
import { openPool } from "@tollgate/db/pool";
import { createProducer } from "@tollgate/jobs/producer";
import { freshId } from "@tollgate/testkit/fresh-id";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { signBatches } from "../../src/spool/sign-batches.ts";
import { openSpool } from "../../src/spool/spool.ts";
import { EVENT_KEY } from "./processes.ts";

// A proxy without its HTTP server: it starts and ends `perSecond` calls per second and prints the id of each call
// that the spool has acknowledged. With 0 calls per second, it ships the existing records until the ledger has all,
// then exits.

const [dir = "", databaseUrl = "", redisUrl = "", orgId = "", perSecond = "0"] = process.argv.slice(2);

const pool = openPool({ connectionString: databaseUrl });
const producer = signBatches(createProducer({ url: databaseUrl, redisUrl: redisUrl || undefined }), EVENT_KEY);
const spool = await openSpool({
  dir,
  producer,
  async readCursor(spoolId) {
    const { rows } = await pool.query("select position from directory_spool_cursor where spool_id = $1", [spoolId]);
    return BigInt(rows[0]?.position ?? 0);
  },
  onError: () => {},
  now: Date.now,
  segmentBytes: 256 * 1024,
  keptMs: 1_000,
});
writeSync(1, `open ${spool.status().interrupted}\n`);

const keyIds = Array.from({ length: 4 }, freshId);

async function call(index: number): Promise<void> {
  const event = usageEvent({ orgId, keyId: keyIds[index % keyIds.length] ?? "", costNano: String(1_000 + index) });
  spool.dispatched({ id: event.id, text: eventText({ ...event, outcome: "interrupted", source: "estimated" }) });
  await pause(Math.random() * 30);
  await spool.settled(event);
  writeSync(1, `${event.id}\n`);
}

if (perSecond === "0") {
  while (spool.status().unacknowledgedBytes > 0) await pause(20);
  await spool.close();
  await producer.close();
  await pool.end();
} else {
  for (let index = 0; ; index += 1) {
    void call(index);
    if (index % 10 === 9) await pause(10_000 / Number(perSecond));
  }
}
