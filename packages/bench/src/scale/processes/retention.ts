import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { listRequests } from "@tollgate/control/reports/requests";
import { freshId } from "@tollgate/testkit/fresh-id";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { signBatch } from "@tollgate/vault/event-mac";
import { ms, printFigure } from "../figure.ts";
import { addEvents } from "../fill-usage.ts";
import type { Running } from "../running.ts";

const DAY_MS = 86_400_000;
const KEPT_DAYS = 400;
const BATCH = 100;
const BOUND_MS = 1_000;

/** Does `work` again and again until `ended`. Returns the longest time that it took. */
async function longest(work: () => Promise<unknown>, ended: () => boolean): Promise<number> {
  let most = 0;
  while (!ended()) {
    const startedMs = performance.now();
    await work();
    most = Math.max(most, performance.now() - startedMs);
  }
  return most;
}

/** Adds a day that is past its retention, and drops it while usage is ingested and requests are searched. */
export async function measureRetention({ store, settings, owner }: Running): Promise<void> {
  const { ownerUrl, orgId, shape } = store;
  const eventKey = Buffer.from(settings.TOLLGATE_EVENT_KEY ?? "", "base64");
  const databaseUrl = settings.TOLLGATE_INGEST_DATABASE_URL ?? "";
  const ledger = openLedger({ databaseUrl, eventKeys: [eventKey], onError: () => {} });
  const oldMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - (KEPT_DAYS + 2) * DAY_MS;
  await ledger.applyRetention(KEPT_DAYS); // the rest of its work is done now
  await addEvents(ownerUrl, orgId, shape, oldMs);
  const spoolId = freshId();
  let position = 0;
  const ingest = async (): Promise<void> => {
    const events = Array.from({ length: BATCH }, () => JSON.stringify(usageEvent({ orgId })));
    const unsigned = { spoolId, from: String(position), to: String(position + BATCH), events };
    position += BATCH;
    await ledger.ingest({ ...unsigned, ...signBatch(eventKey, unsigned) });
  };
  let isOver = false;
  const load = Promise.all([
    longest(ingest, () => isOver),
    longest(
      () => listRequests(owner, {}),
      () => isOver,
    ),
  ]);
  try {
    const startedMs = performance.now();
    const { dropped } = await ledger.applyRetention(KEPT_DAYS);
    const tookMs = performance.now() - startedMs;
    isOver = true;
    const [ingestMs, searchMs] = await load;
    printFigure({
      name: "retention drops a day under load; the longest batch and the longest search meanwhile",
      median: `${ms(tookMs)}; ${ms(ingestMs)}; ${ms(searchMs)}`,
      bound: ms(BOUND_MS),
      isMet: dropped.length === 1 && Math.max(tookMs, ingestMs, searchMs) <= BOUND_MS,
      note: dropped.length === 1 ? undefined : `dropped ${dropped.join(", ") || "nothing"}`,
    });
  } finally {
    isOver = true;
    await load.catch(() => {});
    await ledger.close();
  }
}
