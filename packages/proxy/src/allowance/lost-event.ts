import type { Uuid } from "@tollgate/contracts/ids";
import { SPOOL_LOST, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { LostHold } from "@tollgate/limits/lost-holds";
import { z } from "zod";
import type { Holding } from "./holding.ts";

/** Stored with a hold in Redis: enough to record the call if its machine and spool are lost. */
const About = z.object({
  key: z.uuid(),
  team: z.uuid().nullable(),
  member: z.uuid().nullable(),
  modelId: z.uuid().nullable(),
  model: z.string(),
  surface: z.string(),
  stream: z.boolean(),
  provider: z.string().nullable(),
  upstream: z.string().nullable(),
  credential: z.string().nullable(),
  price: z.string().nullable(),
  cache: z.enum(["hit", "miss", "bypass", "off"]),
  tags: z.record(z.string(), z.string()),
  customer: z.string().nullable(),
  /** Holds of older versions do not have this field, and the next two. */
  session: z.string().nullable().default(null),
  endUser: z.string().nullable().default(null),
  costCentre: z.string().nullable().default(null),
  /** nano-USD as decimal text; null when the price is unknown. */
  held: z.string().nullable(),
  prompt: z.int(),
  tokens: z.int(),
});
type About = z.infer<typeof About>;

/** `promptTokens` and `tokens` are upper bounds; `tokens` includes the output. */
export function aboutCall(call: Holding, promptTokens: number, tokens: number): string {
  const { grant, heldNano, labels, model, asked } = call;
  const [first] = call.candidates;
  const about: About = {
    key: grant.key.id,
    team: grant.key.teamId,
    member: grant.key.memberId,
    modelId: model.id,
    model: asked.model,
    surface: call.surface.name,
    stream: asked.stream,
    provider: first.provider.id,
    upstream: first.target.upstreamModel,
    credential: first.credential.id,
    price: first.price?.version ?? null,
    cache: call.cache,
    tags: labels.tags,
    customer: labels.customer,
    session: labels.session,
    endUser: asked.endUser,
    costCentre: grant.costCentre,
    held: heldNano === null ? null : String(heldNano),
    prompt: promptTokens,
    tokens,
  };
  return JSON.stringify(about);
}

function read(text: string): About | null {
  try {
    return About.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The usage of a lost call: the amount that was held. Null when the hold does not describe the call. */
export function lostEvent({ id, orgId, about: text, usd, tokens }: LostHold): UsageEvent | null {
  const about = read(text);
  if (!about) return null;
  // The hold may have been raised later.
  const held = usd === null || about.held === null ? about.held : String(usd);
  const total = tokens === null ? about.tokens : Number(tokens);
  const input = Math.min(about.prompt, total);
  const use = { input, output: total - input };
  return {
    v: 1,
    id: id as Uuid,
    orgId,
    teamId: about.team,
    memberId: about.member,
    keyId: about.key,
    modelId: about.modelId,
    model: about.model,
    surface: about.surface,
    stream: about.stream,
    status: 502,
    error: "upstream_error",
    errorMessage: "The gateway that made this call was lost together with its usage records.",
    refusedBy: null,
    outcome: "interrupted",
    provider: about.provider,
    upstreamModel: about.upstream,
    credentialId: about.credential,
    attempts: [],
    cache: about.cache,
    use,
    source: "estimated",
    costNano: held,
    heldNano: held,
    pricing: held === null ? "unpriced" : "priced",
    priceVersion: about.price,
    flags: ["interrupted", SPOOL_LOST],
    guardrails: [],
    tags: about.tags,
    customer: about.customer,
    session: about.session,
    endUser: about.endUser,
    costCentre: about.costCentre,
    clientRequestId: null,
    metadata: null,
    totalMs: 0,
    firstTokenMs: null,
    overheadMs: 0,
  };
}
