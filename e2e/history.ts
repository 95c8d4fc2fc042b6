import { randomBytes } from "node:crypto";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { signBatch } from "@tollgate/vault/event-mac";
import type { AdminApi } from "./admin-api.ts";

interface Target {
  id: string;
  credentialId: string;
  provider: string;
  upstreamModel: string;
  price: { inputPerMillionUsd: string; outputPerMillionUsd: string } | null;
}
interface Model {
  id: string;
  name: string;
  targets: Target[];
}
interface Key {
  id: string;
  teamId: string | null;
}

const HOUR_MS = 3_600_000;

/** The same sequence in every run, so that pictures do not change without a reason. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(items: readonly T[], share: number): T => {
  const item = items[Math.min(items.length - 1, Math.floor(share * items.length))];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};

const priceOf = ({ price }: Target, input: number, output: number): bigint => {
  const perToken = (usdPerMillion: string | undefined): number => Number(usdPerMillion ?? 0) * 1_000;
  return BigInt(
    Math.round(input * perToken(price?.inputPerMillionUsd) + output * perToken(price?.outputPerMillionUsd)),
  );
};

/** Usage of an organisation during `hours`: much by day, little by night. */
function events(orgId: string, models: Model[], keys: Key[], hours: number, nowMs: number): UsageEvent[] {
  const roll = dice(7);
  const made: UsageEvent[] = [];
  for (let slot = 0; slot < hours * 6; slot++) {
    const startMs = nowMs - hours * HOUR_MS + slot * (HOUR_MS / 6);
    const daylight = 0.5 + 0.5 * Math.sin((new Date(startMs).getUTCHours() / 24) * 2 * Math.PI - Math.PI / 2);
    const count = Math.round(1 + 9 * daylight + 3 * roll());
    for (let number = 0; number < count; number++) {
      const key = pick(keys, roll() ** 2);
      const model = pick(models, roll() ** 1.6);
      const [target] = model.targets;
      if (!target) continue;
      const input = Math.round(400 + 5_000 * roll() ** 2);
      const output = Math.round(60 + 1_400 * roll());
      const fate = roll();
      const cache = fate > 0.88 ? "hit" : "miss";
      const failed = fate < 0.018;
      const costNano = cache === "hit" || failed ? 0n : priceOf(target, input, output);
      const totalMs = cache === "hit" ? 3 + 4 * roll() : 350 + output * (1.5 + roll());
      const use = { input: failed ? 0 : input, output: failed ? 0 : output };
      made.push({
        v: 1,
        id: uuidV7(startMs + Math.floor(roll() * (HOUR_MS / 6))),
        orgId,
        teamId: key.teamId,
        memberId: null,
        keyId: key.id,
        modelId: model.id,
        model: model.name,
        surface: "chat-completions",
        stream: roll() > 0.4,
        status: failed ? 502 : 200,
        error: failed ? "upstream_error" : null,
        errorMessage: failed ? "The provider responded with status 503." : null,
        refusedBy: null,
        outcome: failed ? "failed" : "complete",
        provider: cache === "hit" ? null : target.provider,
        upstreamModel: target.upstreamModel,
        credentialId: target.credentialId,
        attempts: [],
        cache,
        use,
        source: failed ? "none" : "provider",
        costNano: String(costNano),
        heldNano: null,
        pricing: "priced",
        priceVersion: "history",
        flags: [],
        guardrails: [],
        tags: {},
        customer: null,
        session: null,
        endUser: null,
        costCentre: null,
        clientRequestId: null,
        metadata: null,
        totalMs,
        firstTokenMs: cache === "hit" ? 2 : 120 + 260 * roll(),
        overheadMs: 0.6 + roll(),
      });
    }
  }
  return made.filter(({ id }) => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) < nowMs);
}

/** Adds past usage to an organisation with the function that the worker uses. */
export async function writeHistory(api: AdminApi, ingestUrl: string, hours: number): Promise<void> {
  const [organisation, models, keys] = await Promise.all([
    api.get<{ id: string }>("/organisation"),
    api.get<{ items: Model[] }>("/models"),
    api.get<{ items: Key[] }>("/keys"),
  ]);
  const past = events(organisation.id, models.items, keys.items, hours, Date.now());
  const eventKey = randomBytes(32);
  const ledger = openLedger({
    databaseUrl: ingestUrl,
    eventKeys: [eventKey],
    onError: (error) => console.error(error),
  });
  const spoolId = crypto.randomUUID();
  try {
    for (let from = 0; from < past.length; from += 500) {
      const texts = past.slice(from, from + 500).map((event) => JSON.stringify(event));
      const batch = { spoolId, from: String(from), to: String(from + texts.length), events: texts };
      await ledger.ingest({ ...batch, ...signBatch(eventKey, batch) });
    }
  } finally {
    await ledger.close();
  }
}
