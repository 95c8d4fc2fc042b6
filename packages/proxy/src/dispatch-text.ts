import { eventText, type UsageEvent } from "@tollgate/contracts/usage-event";
import { isBounded } from "./allowance/bound.ts";
import type { Admitted, Candidate } from "./call.ts";
import { interruptedEvent } from "./event.ts";
import { NO_LABELS } from "./labels.ts";

/**
 * The fields of a dispatched call's event: `own` differs from call to call; `shared` is the same for all calls of one key,
 * model and target that `isPlain` accepts. A new field must be classified here.
 */
const FIELDS = {
  v: "shared",
  id: "own",
  orgId: "shared",
  teamId: "shared",
  memberId: "shared",
  keyId: "shared",
  modelId: "shared",
  model: "shared",
  surface: "shared",
  stream: "shared",
  status: "shared",
  error: "shared",
  errorMessage: "shared",
  refusedBy: "shared",
  outcome: "shared",
  provider: "shared",
  upstreamModel: "shared",
  credentialId: "shared",
  attempts: "shared",
  cache: "shared",
  use: "own",
  source: "shared",
  costNano: "own",
  countedNano: "own",
  heldNano: "own",
  pricing: "shared",
  priceVersion: "shared",
  flags: "shared",
  guardrails: "shared",
  tags: "shared",
  customer: "shared",
  session: "shared",
  endUser: "shared",
  costCentre: "shared",
  clientRequestId: "shared",
  metadata: "shared",
  totalMs: "own",
  firstTokenMs: "shared",
  overheadMs: "own",
} as const satisfies Record<keyof UsageEvent, "own" | "shared">;

type Own = {
  [Field in keyof typeof FIELDS]: (typeof FIELDS)[Field] extends "own" ? Field : never;
}[keyof typeof FIELDS];

/** The JSON text of an event without its own fields: the text before each of them, and the text after the last one. */
interface Template {
  before: { text: string; field: Own }[];
  end: string;
}

const isOwn = (field: string): field is Own => FIELDS[field as keyof UsageEvent] === "own";
/**
 * Placeholder for an own field. JSON text contains this character only as an escape, and no other field contains it.
 */
const MARK = "\u0000";
const MARK_TEXT = /"\\u0000(\w+)"/;

function templateOf(event: UsageEvent): Template {
  const marked = Object.fromEntries(
    Object.entries(event).map(([field, value]) => [field, isOwn(field) ? MARK + field : value]),
  );
  const pieces = eventText(marked as unknown as UsageEvent).split(MARK_TEXT);
  const before: Template["before"] = [];
  for (let at = 0; at + 1 < pieces.length; at += 2)
    before.push({ text: pieces[at] as string, field: pieces[at + 1] as Own });
  return { before, end: pieces.at(-1) as string };
}

/** Templates by candidate. A candidate object belongs to one grant, model and surface. */
const ofWhole = new WeakMap<Candidate, Template>();
const ofStreams = new WeakMap<Candidate, Template>();

/**
 * Whether the call is a first attempt with a known hold of tokens, and has no labels or other values to record from the
 * client.
 */
const isPlain = (call: Admitted): boolean =>
  call.attempts.length === 0 &&
  call.credentialHolds === null &&
  call.heldNano !== null &&
  call.refusedBy === null &&
  call.flags.size === 0 &&
  call.guardrails.length === 0 &&
  call.cache === "off" &&
  call.asked.endUser === null &&
  call.labels === NO_LABELS &&
  isBounded(call);

/**
 * The text of `interruptedEvent`, which is recorded before every call. Most calls of a key differ only in a few fields,
 * so the text of the other fields is cached. Serialising the whole event takes five times as long.
 */
export function dispatchText(call: Admitted, candidate = call.candidates[0]): string {
  if (!isPlain(call)) return eventText(interruptedEvent(call, candidate));
  const [first] = call.candidates;
  const templates = call.asked.stream ? ofStreams : ofWhole;
  let template = templates.get(first);
  if (!template) {
    template = templateOf(interruptedEvent(call));
    templates.set(first, template);
  }
  const ms = performance.now() - call.startedAt;
  let text = "";
  for (const { text: before, field } of template.before) text += before + own(call, field, ms);
  return text + template.end;
}

function own(call: Admitted, field: Own, ms: number): string {
  switch (field) {
    case "id":
      return `"${call.exchange.id}"`;
    case "use":
      return `{"input":${call.bound.input},"output":${call.bound.output}}`;
    case "totalMs":
    case "overheadMs":
      return String(ms);
    default:
      return `"${call.heldNano}"`;
  }
}
