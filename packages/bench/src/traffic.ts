import { freshId } from "@tollgate/testkit/fresh-id";
import { usageEvent } from "@tollgate/testkit/usage-event";

/** An organisation and how many per cent of the traffic it has. */
interface Share {
  orgId: string;
  keys: number;
  percent: number;
}

const MODELS = [
  "gpt-5",
  "gpt-5-mini",
  "gpt-5-nano",
  "claude-opus-4-5",
  "claude-sonnet-4-5",
  "claude-haiku-4-5",
  "gemini-3-pro",
  "o4-mini",
];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Mean number of calls that a key makes in a row, and the seconds between them. */
const SESSION_CALLS = 4;
const SESSION_SECONDS = 90;

/** A fixed sequence of numbers in [0, 1). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

const idOf = (kind: number, org: number, n: number): string =>
  `00000000-0000-7${kind}00-8${org.toString(16).padStart(3, "0")}-${n.toString(16).padStart(12, "0")}`;

/** Index of the share that contains the per cent. */
function shareAt(shares: readonly Share[], percent: number): number {
  let below = 0;
  const found = shares.findIndex((share) => {
    below += share.percent;
    return percent < below;
  });
  return Math.max(found, 0);
}

/**
 * Calls as organisations make them: few keys make most of the calls (a key's rank is the square of a random number), and
 * a key makes some calls in a row to one model; more by day than by night. 3 % fail, a third has tags, a fifth a customer.
 * Uniform: each call is of any key and model at any time, so hardly two are in one row of a roll-up.
 */
export function* traffic(
  shares: readonly Share[],
  fromMs: number,
  days: number,
  events: number,
  { isUniform = false } = {},
): Generator<ReturnType<typeof usageEvent>> {
  const random = randomOf(1);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  for (let made = 0; made < events; ) {
    const org = shareAt(shares, random() * 100);
    const { orgId, keys } = shares[org] as Share;
    const key = Math.floor(keys * (isUniform ? random() : random() ** 2));
    const hour = random() < 0.8 && !isUniform ? 8 + random() * 11 : random() * 24;
    let atMs = fromMs + Math.floor(random() * days) * DAY_MS + hour * HOUR_MS;
    const calls = isUniform ? 1 : 1 + Math.floor(-Math.log(1 - random()) * (SESSION_CALLS - 0.5));
    const model = MODELS[Math.floor(MODELS.length * (isUniform ? random() : random() ** 2))] as string;
    const provider = model.startsWith("claude") ? "anthropic" : model.startsWith("gemini") ? "google" : "openai";
    const tags: Record<string, string> = random() < 0.33 ? { feature: `feature-${Math.floor(random() * 20)}` } : {};
    const customer = random() < 0.2 ? `customer-${Math.floor(random() * 200)}` : null;
    for (let call = 0; call < calls && made < events; call += 1, made += 1) {
      const failed = random() < 0.03;
      const use = failed
        ? { input: 0, output: 0 }
        : { input: Math.floor(200 + random() * 8_000), output: Math.floor(random() * 1_200) };
      const costNano = failed ? "0" : String(Math.floor(random() * 30_000_000));
      const base = usageEvent({ use, costNano });
      const status = failed ? pick([429, 500, 502]) : 200;
      yield {
        ...base,
        id: freshId(Math.floor(atMs)),
        orgId,
        keyId: idOf(1, org, key),
        memberId: key % 5 === 0 ? null : idOf(2, org, key % Math.max(1, Math.ceil(keys / 4))),
        teamId: idOf(3, org, key % Math.max(1, Math.ceil(keys / 100))),
        modelId: idOf(4, org, MODELS.indexOf(model)),
        model,
        provider,
        upstreamModel: model,
        credentialId: idOf(5, org, 1),
        status,
        error: failed ? "upstream_error" : null,
        outcome: failed ? "failed" : "complete",
        stream: random() < 0.5,
        attempts: base.attempts.map((attempt) => ({ ...attempt, provider, upstreamModel: model, status })),
        heldNano: "40000000",
        tags,
        customer,
        totalMs: 200 + random() * 8_000,
        firstTokenMs: 100 + random() * 900,
      };
      atMs += random() * 2 * SESSION_SECONDS * 1000;
    }
  }
}
