import { createHash } from "node:crypto";
import { TollgateError } from "@tollgate/contracts/errors";
import { withTenant } from "@tollgate/db/with-tenant";
import { decryptForCaller, encryptForCaller } from "@tollgate/vault/caller-box";
import type { Context } from "./context.ts";

export interface Answer {
  status: number;
  body: unknown;
}

export interface IdempotentRequest {
  /** The caller's key, at most 255 characters. */
  key: string;
  /** The request: method, path and body in a stable text form. */
  request: string;
  /** The admin token of the request. */
  bearer: string;
}

/** Milliseconds for which a repeat gets the first answer. */
const KEPT_MS = 86_400_000;

/**
 * Runs `work` once per key and token within a day; a repeat gets the first answer. A failed request may be retried.
 * Throws `idempotency_in_progress` while the first one runs (or if its outcome is unknown because the process was killed), and
 * `idempotency_key_reused` if the key belongs to another request.
 */
export async function once(
  ctx: Context,
  { key, request, bearer }: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { repeated: boolean }> {
  const { orgId, proof, actor, services } = ctx;
  if (actor.kind !== "token") throw new TollgateError("forbidden", "An Idempotency-Key needs an admin token.");
  const { tokenId } = actor;
  const fingerprint = createHash("sha256").update(request).digest("hex");
  const at = new Date(services.now());
  const id = { orgId, tokenId, key };

  const first = await withTenant(services.db, proof, async (tx) => {
    const ended = new Date(services.now() - KEPT_MS);
    await tx.idempotentRequest.deleteMany({ where: { orgId, tokenId, createdAt: { lt: ended } } });
    const claim = { data: [{ ...id, fingerprint, createdAt: at }], skipDuplicates: true };
    const { count } = await tx.idempotentRequest.createMany(claim);
    return count === 1 ? null : tx.idempotentRequest.findUnique({ where: { orgId_tokenId_key: id } });
  });

  if (first) {
    if (first.fingerprint !== fingerprint) {
      throw new TollgateError("idempotency_key_reused", "This Idempotency-Key was used for another request before.");
    }
    if (first.status === null || first.response === null) {
      throw new TollgateError("idempotency_in_progress", "The first request with this Idempotency-Key has not ended.");
    }
    return { status: first.status, body: JSON.parse(decryptForCaller(bearer, key, first.response)), repeated: true };
  }

  const answer = await work().catch(async (error: unknown) => {
    // Only a request that was certainly refused may be retried. After any other failure, it may have had an effect.
    if (error instanceof TollgateError) {
      await withTenant(services.db, proof, (tx) => tx.idempotentRequest.deleteMany({ where: id }));
    }
    throw error;
  });
  const response = encryptForCaller(bearer, key, JSON.stringify(answer.body));
  await withTenant(services.db, proof, (tx) =>
    tx.idempotentRequest.update({ where: { orgId_tokenId_key: id }, data: { status: answer.status, response } }),
  );
  return { ...answer, repeated: false };
}
