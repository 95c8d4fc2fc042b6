import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, type Behaviour, raw, reset, stall, status } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";
import { useFakeTime } from "./fake-time.ts";

// Every fault of a provider, at every moment of an answer: what the client gets, how often the provider is asked, and that
// each attempt is recorded and charged once. The clock is moved by the test.

const KINDS = ["429", "500", "529", "reset", "hang", "garbage", "error", "account", "context", "refused"] as const;
type Kind = (typeof KINDS)[number];
const MOMENTS = ["before headers", "before the first token", "mid-stream"] as const;
type Moment = (typeof MOMENTS)[number];
type Format = "openai" | "anthropic";

interface Refusal {
  status: number;
  /** The error, in the format of the provider. */
  error: object;
}

const said = (message: string, more: object = {}) => ({ message, ...more });

const REFUSALS: Readonly<Record<Exclude<Kind, "reset" | "hang" | "garbage">, Record<Format, Refusal>>> = {
  "429": {
    openai: { status: 429, error: said("Rate limit reached.", { code: "rate_limit_exceeded" }) },
    anthropic: { status: 429, error: said("Too many requests.", { type: "rate_limit_error" }) },
  },
  "500": {
    openai: { status: 500, error: said("Server error.", { type: "server_error" }) },
    anthropic: { status: 500, error: said("Internal server error.", { type: "api_error" }) },
  },
  "529": {
    openai: { status: 503, error: said("Engine overloaded.", { type: "server_error", code: "engine_overloaded" }) },
    anthropic: { status: 529, error: said("Overloaded.", { type: "overloaded_error" }) },
  },
  error: {
    openai: { status: 200, error: said("Something went wrong.") },
    anthropic: { status: 200, error: said("Something went wrong.", { type: "api_error" }) },
  },
  account: {
    openai: { status: 429, error: said("You exceeded your quota.", { code: "insufficient_quota" }) },
    anthropic: { status: 401, error: said("invalid x-api-key", { type: "authentication_error" }) },
  },
  context: {
    openai: {
      status: 400,
      error: said("Too long.", { type: "invalid_request_error", code: "context_length_exceeded" }),
    },
    anthropic: {
      status: 400,
      error: said("prompt is too long: 210000 tokens > 200000 maximum", { type: "invalid_request_error" }),
    },
  },
  refused: {
    openai: {
      status: 400,
      error: said("Your request was rejected.", { type: "invalid_request_error", code: "content_policy_violation" }),
    },
    anthropic: {
      status: 400,
      error: said("Output blocked by content filtering policy", { type: "invalid_request_error" }),
    },
  },
};

const JSON_TYPE = { "content-type": "application/json" };
const SSE_TYPE = { "content-type": "text/event-stream" };

const event = (format: Format, value: { type?: string }): string =>
  format === "openai"
    ? `data: ${JSON.stringify(value)}\n\n`
    : `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
const errorBody = (format: Format, error: object) =>
  format === "openai" ? { error } : { type: "error", error, request_id: "req_1" };

/** The first `count` pieces of an answer, then `rest`. */
const begun =
  (count: number, rest: (format: Format) => ReturnType<Behaviour>["moves"]): Behaviour =>
  (asked) => {
    const whole = answer({ text: "one two three four", chunks: 4 })(asked);
    const pieces = whole.moves.filter((move) => move !== "end").slice(0, count);
    return { ...whole, moves: [...pieces, ...rest(asked.dialect as Format)] };
  };

function fault(kind: Kind, moment: Moment, stream: boolean, format: Format): Behaviour {
  const isBare = kind === "reset" || kind === "hang" || kind === "garbage";
  const broken = kind === "reset" ? (["reset"] as const) : kind === "hang" ? (["stall"] as const) : null;
  if (moment === "before headers") {
    if (kind === "reset") return reset();
    if (kind === "hang") return stall();
    if (kind === "garbage") return raw(["<html>busy</html>"], { "content-type": "text/html" });
    const refusal = REFUSALS[kind][format];
    return status(refusal.status, { body: JSON.stringify(errorBody(format, refusal.error)) });
  }
  const events = (rest: string): ReturnType<Behaviour>["moves"] => [{ bytes: Buffer.from(rest) }, "end"];
  if (stream) {
    // The first events of a stream have no text: one of OpenAI, two and a ping of Anthropic.
    const count = moment === "mid-stream" ? (format === "openai" ? 3 : 5) : format === "openai" ? 1 : 2;
    return begun(count, () => {
      if (broken) return [...broken];
      if (kind === "garbage") return events("data: {not json\n\n");
      return events(event(format, errorBody(format, REFUSALS[kind as keyof typeof REFUSALS][format].error)));
    });
  }
  if (moment === "mid-stream") {
    return () => ({
      head: { status: 200, headers: JSON_TYPE },
      moves: [{ bytes: Buffer.from('{"id":"x","cho') }, ...(broken ?? (["end"] as const))],
      bills: null,
    });
  }
  if (broken) return () => ({ head: { status: 200, headers: JSON_TYPE }, moves: [...broken], bills: null });
  if (kind === "garbage") return raw(["<html>"], SSE_TYPE);
  return isBare ? stall() : raw([JSON.stringify(errorBody(format, REFUSALS[kind][format].error))], JSON_TYPE);
}

/** Attempts at the provider that fails, if another one can answer. A fault that may be a moment's is tried twice. */
const ATTEMPTS: Readonly<Record<Kind, number>> = {
  ...{ "429": 1, "500": 2, "529": 2, reset: 2, hang: 1, garbage: 2, error: 2, account: 1, context: 1, refused: 1 },
};

const CLIENT_CODES: Readonly<Record<Kind, string>> = {
  "429": "rate_limit_exceeded",
  "500": "upstream_error",
  "529": "upstream_error",
  reset: "upstream_error",
  hang: "upstream_timeout",
  garbage: "bad_upstream_response",
  error: "upstream_error",
  account: "upstream_auth_error",
  context: "context_length_exceeded",
  refused: "upstream_rejected",
};

/** The library that reads a translated stream finds no event in JSON, and does not say what it is. */
const codeOf = ({ kind, moment, stream, format }: Row): string =>
  kind === "error" && moment === "before headers" && stream && format === "anthropic"
    ? "bad_upstream_response"
    : CLIENT_CODES[kind];

let first: Provider;
let second: Provider;
let setup: Setup;

useFakeTime();
beforeEach(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
});
afterEach(async () => {
  await setup.close();
  await Promise.all([first.close(), second.close()]);
});

async function open(format: Format, fallsBackOnRefusal: boolean): Promise<void> {
  const provider = format === "openai" ? "openai" : "anthropic";
  const credentials = [first, second].map(({ url }) => credential(`${url}/v1`, { provider }));
  // The second one has the larger context.
  const [small, large] = format === "openai" ? ["gpt-4o", "gpt-4.1"] : ["claude-3-haiku-20240307", "claude-sonnet-4-6"];
  const targets = [small, large].map((upstreamModel, at) =>
    target(credentials[at]?.id ?? "", { upstreamModel, priority: at }),
  );
  const timeouts = { firstByteMs: 2_000, firstTokenMs: 3_000, idleMs: 2_000 };
  const ports = { sleep: async () => {} };
  setup = await openSetup({
    org: { credentials, models: [model(targets, { timeouts, fallsBackOnRefusal })] },
    ports,
  });
}

/** Lets time pass while the first provider hangs, and only then: everything else needs no clock. */
async function call(stream: boolean, isHang = false): Promise<{ status: number; text: string }> {
  const calling = setup.post(ask({ stream })).then(async (response) => ({
    status: response.status,
    text: await response.text(),
  }));
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  calling.then(end, end);
  const hangs = (): boolean => first.requests.some((seen) => !seen.clientLeft && isHang);
  await waitFor(
    async () => {
      if (!isOver && hangs()) await vi.advanceTimersByTimeAsync(500);
      return isOver;
    },
    { everyMs: 1 },
  );
  return calling;
}

function recordedOnce(): void {
  const [event, ...more] = setup.events;
  expect(more).toEqual([]);
  expect(event?.attempts).toHaveLength(first.requests.length + second.requests.length);
  const costs = event?.attempts.map(({ costNano }) => BigInt(costNano ?? -1)) ?? [];
  expect(costs.every((cost) => cost >= 0n)).toBe(true);
  expect(event?.costNano).toBe(String(costs.reduce((sum, cost) => sum + cost, 0n)));
  for (const seen of second.billed()) expect(seen.reported).toEqual(seen.bills);
}

interface Row {
  moment: Moment;
  kind: Kind;
  stream: boolean;
  format: Format;
}

const ROWS: Row[] = MOMENTS.flatMap((moment) =>
  KINDS.flatMap((kind) =>
    [true, false].flatMap((stream) =>
      (["openai", "anthropic"] as const).map((format) => ({ moment, kind, stream, format })),
    ),
  ),
).filter(
  // A body that has begun is cut or is not JSON; it cannot become an error.
  ({ moment, kind, stream }) => stream || moment !== "mid-stream" || ["reset", "hang", "garbage"].includes(kind),
);
const named = (rows: typeof ROWS) =>
  rows.map((row) => {
    const form = `${row.stream ? "stream" : "JSON"}, ${row.format === "openai" ? "same format" : "translated"}`;
    return [`${row.kind} ${row.moment} (${form})`, row] as const;
  });
const isBegun = ({ moment, stream }: Row) => moment === "mid-stream" && stream;

describe("while the client has got nothing, the next target answers", () => {
  test.each(named(ROWS.filter((row) => !isBegun(row))))("%s", async (_name, row) => {
    const { moment, kind, stream, format } = row;
    await open(format, true);
    const behaviour = fault(kind, moment, stream, format);
    first.script(behaviour, behaviour, behaviour);
    const { status, text } = await call(stream, kind === "hang");
    expect(status).toBe(200);
    expect(text).toContain("Hello");
    if (stream) expect(text.trimEnd().endsWith("data: [DONE]")).toBe(true);
    expect([first.requests.length, second.requests.length]).toEqual([ATTEMPTS[kind], 1]);
    expect(setup.events[0]?.attempts.map(({ error }) => error)).toEqual([
      ...Array.from({ length: ATTEMPTS[kind] }, () => codeOf(row)),
      null,
    ]);
    recordedOnce();
    expect(setup.ports.pauses.isPaused(setup.org.credentials[0]?.id ?? "")).toBe(kind === "account");
  });
});

describe("after the client has got something, the stream ends with an error, and nothing is asked again", () => {
  test.each(named(ROWS.filter(isBegun)))("%s", async (_name, { moment, kind, stream, format }) => {
    await open(format, true);
    first.script(fault(kind, moment, stream, format));
    const { status, text } = await call(stream, kind === "hang");
    expect(status).toBe(200);
    expect(text).toContain("one");
    expect(text).toContain(`"code":"${CLIENT_CODES[kind]}"`);
    expect(text).not.toContain("[DONE]");
    expect(text).not.toMatch(/"finish_reason":"/);
    expect([first.requests.length, second.requests.length]).toEqual([1, 0]);
    expect(setup.events).toMatchObject([{ outcome: "failed", attempts: [{ error: CLIENT_CODES[kind] }] }]);
    recordedOnce();
  });
});

describe("without another target, the client gets the failure", () => {
  const rows = ROWS.filter(({ moment }) => moment === "before headers");
  test.each(named(rows))("%s", async (_name, row) => {
    const { moment, kind, stream, format } = row;
    await open(format, false);
    setup.change({ models: setup.org.models.map((each) => ({ ...each, targets: each.targets.slice(0, 1) })) });
    const behaviour = fault(kind, moment, stream, format);
    first.script(behaviour, behaviour, behaviour);
    const { status, text } = await call(stream, kind === "hang");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.parse(text).error.code).toBe(codeOf(row));
    expect(first.requests).toHaveLength(ATTEMPTS[kind]);
    recordedOnce();
  });
});

test("a refused content is not sent to another target if the model does not say so, and a long prompt not to a smaller one", async () => {
  await open("openai", false);
  first.script(fault("refused", "before headers", false, "openai"));
  expect((await call(false)).status).toBe(400);
  setup.change({ models: setup.org.models.map((each) => ({ ...each, targets: each.targets.toReversed() })) });
  setup.change({
    models: setup.org.models.map((each) => ({
      ...each,
      targets: each.targets.map((one, priority) => ({ ...one, priority })),
    })),
  });
  second.script(fault("context", "before headers", false, "openai"));
  expect((await call(false)).status).toBe(400);
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});
