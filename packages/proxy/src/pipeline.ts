import type { TollgateError } from "@tollgate/contracts/errors";
import { type Authenticated, Call, type Ending, NO_USE } from "./call.ts";
import { upgradeRequired } from "./client-upgrade.ts";
import type { Exchange } from "./exchange.ts";
import { useOfFailed } from "./metering/usage.ts";
import type { Ports } from "./ports.ts";
import { asTollgateError, refuse } from "./refuse.ts";
import { reply } from "./reply.ts";
import { admit } from "./stages/admit.ts";
import { attempt } from "./stages/attempt.ts";
import { authenticate } from "./stages/authenticate.ts";
import { meter } from "./stages/meter.ts";
import { parse } from "./stages/parse.ts";
import { receive } from "./stages/receive.ts";
import { record } from "./stages/record.ts";
import { route } from "./stages/route.ts";
import type { FindSurface, SessionSurface } from "./surfaces/surface.ts";
import { openAiError } from "./wires/error-wording.ts";

/**
 * One client request becomes one answered, metered, recorded upstream call. This is the whole of it, in order.
 *
 * Each stage takes what the one before it gave and adds to it (`call.ts`), so a wrong order does not compile; a stage
 * that refuses throws a `TollgateError`. Whatever happens, the call holds what is known so far, it is recorded
 * exactly once, and the client hears of it only after that. A stream is the exception: its bytes are gone by then, and
 * only its last one waits.
 */
export async function serve(ports: Ports, exchange: Exchange, find: FindSurface): Promise<void> {
  const call = new Call(exchange);
  try {
    // What is asked for: framing, path, method, and how long it may take.
    const received = receive(ports, call, find);
    const { surface } = received;
    if (surface.kind === "open") return reply(call, surface.answer(ports));

    // Who asks. From headers alone: a stranger must not make us buffer megabytes.
    const known = authenticate(ports, received);
    if (surface.kind === "read") return reply(call, await surface.answer(ports, known));
    if (surface.kind === "session") return await converse(ports, known, surface);

    // What exactly: the body, checked and kept as the bytes that came.
    const parsed = await parse(ports, known, surface);

    // May they: the model's targets, priced and in order. Allowances come later because they need the prices.
    const routed = route(ports, parsed);

    // Can they: guardrails, then the cache, then a hold on every limit.
    const admitted = await admit(ports, routed);

    // The call itself: retries and fallbacks end when the first byte is here.
    const answered = await attempt(ports, admitted);

    // The answer passes, and its tokens are counted.
    const metered = await meter(ports, answered);

    // On record before the last byte: what a client has is in the ledger.
    await record(ports, call, metered.ending);
    metered.finish();
  } catch (error) {
    const refusal = asTollgateError(error);
    if (refusal.internal) ports.log.error({ requestId: exchange.id, err: refusal.internal }, refusal.code);
    await record(ports, call, refusedEnding(call, refusal));
    reply(call, refuse(refusal, call.surface?.errors ?? openAiError, exchange.id, ports.settings.docsUrl));
  } finally {
    call.cut?.close();
    if (call.attempts.length === 0) exchange.memory.freeBody();
  }
}

/** The surface speaks on the connection until it is over. The time limit of a call is not that of a session. */
async function converse(ports: Ports, { cut, exchange, grant, labels }: Authenticated, surface: SessionSurface) {
  const { upgrade } = exchange;
  if (!upgrade) throw upgradeRequired();
  cut.close();
  await surface.converse(ports, { exchange, grant, labels, upgrade });
  exchange.end();
}

function refusedEnding(call: Call, { code, status, message }: TollgateError): Ending {
  const last = call.attempts.at(-1);
  const hasLeft = code === "client_closed_request";
  // A client that leaves before anything is held for its call uses nothing: no limit counts it, so the ledger must not.
  const outcome = hasLeft && (last || call.isHeld) ? "client_left" : last ? "failed" : "refused";
  return {
    ...NO_USE,
    ...useOfFailed(call),
    status,
    outcome,
    error: code,
    errorMessage: message,
    provider: last?.provider ?? null,
    upstreamModel: last?.upstreamModel ?? null,
  };
}
