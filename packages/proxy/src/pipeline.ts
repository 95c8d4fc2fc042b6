import type { TollgateError } from "@tollgate/contracts/errors";
import { type Authenticated, Call, type Ending, NO_USE } from "./call.ts";
import { upgradeRequired } from "./client-upgrade.ts";
import type { Exchange } from "./exchange.ts";
import { keepResponse } from "./kept/keep-response.ts";
import { useOfFailed } from "./metering/usage.ts";
import type { Ports } from "./ports.ts";
import { asTollgateError, refuse } from "./refuse.ts";
import { reply, replyStream } from "./reply.ts";
import { admit } from "./stages/admit.ts";
import { attempt } from "./stages/attempt.ts";
import { authenticate } from "./stages/authenticate.ts";
import { createBatch } from "./stages/create-batch.ts";
import { meter } from "./stages/meter.ts";
import { parse } from "./stages/parse.ts";
import { receive } from "./stages/receive.ts";
import { record } from "./stages/record.ts";
import { restore } from "./stages/restore.ts";
import { route } from "./stages/route.ts";
import { errorFormat } from "./surfaces/error-format.ts";
import type { FindSurface, SessionSurface } from "./surfaces/surface.ts";

/**
 * Turns one client request into one answered, metered and recorded upstream call. This is the complete order of stages.
 *
 * Each stage adds to the call (`call.ts`) and needs the type that the stage before it returns, so a wrong order does
 * not compile. A stage that refuses throws a `TollgateError`. Every call is recorded exactly once, before the client
 * gets its answer. Of a stream, only the last byte waits for the record.
 */
export async function serve(ports: Ports, exchange: Exchange, find: FindSurface): Promise<void> {
  const call = new Call(exchange);
  try {
    // Framing, path, method and time limit.
    const received = receive(ports, call, find);
    const { surface } = received;
    if (surface.kind === "open") return reply(call, surface.answer(ports));

    // The key, from headers only, so that a caller without a key cannot make the proxy buffer a body.
    const soon = authenticate(ports, received);
    const known = soon instanceof Promise ? await soon : soon;
    if (surface.kind === "read") return reply(call, await surface.answer(ports, known));
    if (surface.kind === "resource") {
      const made = await surface.answer(ports, known);
      return "pour" in made ? await replyStream(call, made) : reply(call, made);
    }
    if (surface.kind === "batch") {
      const created = await createBatch(ports, known, surface);
      await record(ports, call, created.ending);
      if ("refusal" in created.answer) throw created.answer.refusal;
      return reply(call, created.answer.reply);
    }
    if (surface.kind === "session") return await converse(ports, known, surface);

    // The body: checked, and kept as the received bytes.
    const parsed = await parse(ports, known, surface);

    // Items of kept responses that the request refers to.
    const soonRestored = restore(ports, parsed);
    const restored = soonRestored instanceof Promise ? await soonRestored : soonRestored;

    // The model's targets, priced and in order. Holds come later, because they need the prices.
    const routed = route(ports, restored);

    // Guardrails, then the cache, then a hold on every limit.
    const soonAdmitted = admit(ports, routed);
    const admitted = soonAdmitted instanceof Promise ? await soonAdmitted : soonAdmitted;

    // The upstream call. Retries and fallbacks end with the first byte.
    const answered = await attempt(ports, admitted);

    // Pass the answer to the client and count its tokens.
    const soonMetered = meter(ports, answered);
    const metered = soonMetered instanceof Promise ? await soonMetered : soonMetered;

    // Keep a translated response for later calls that refer to it. Nothing waits for it.
    if (call.made) keepResponse(ports, metered);

    // Record before the last byte, so that every complete answer is in the ledger.
    await record(ports, call, metered.ending);
    metered.finish();
  } catch (error) {
    const refusal = asTollgateError(error);
    if (refusal.internal) ports.log.error({ requestId: exchange.id, err: refusal.internal }, refusal.code);
    await record(ports, call, refusedEnding(call, refusal));
    reply(call, refuse(refusal, errorFormat(exchange, call.surface), exchange.id, ports.settings.docsUrl));
  } finally {
    call.cut?.close();
    if (call.attempts.length === 0) exchange.memory.freeBody();
  }
}

/** Runs a session until it ends. The time limit of a call does not apply to it. */
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
  // A client that leaves before anything is held has used nothing. No limit counts it, so the ledger must not count it.
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
    credentialId: last ? call.credentialId : null,
  };
}
