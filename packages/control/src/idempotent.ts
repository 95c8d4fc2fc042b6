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
  /** The caller's own, at most 255 characters. */
  key: string;
  /** What was asked: method, path and body, in any stable text. */
  request: string;
  /** The admin token that came with it. */
  bearer: string;
}

/** Milliseconds for which a repeat gets the first answer. */
const KEPT_MS = 86_400_000;

/**
 * Runs `work` once per key and token within a day; a repeat gets the first answer. A failed first may be tried again.
 * Throws `idempotency_in_progress` while the first runs (or if its end is unknown, because the process died then), and
 * `idempotency_key_reused` when the key came with another request.
 */
export async function once(
  ctx: Context,
  { key, request, bearer }: IdempotentRequest,
  work: () => Promise<Answer>,
): Promise<Answer & { repeated: boolean }> {
  const { orgId, proof, actor, services } = ctx;
  if (actor.kind !== "token") throw new TollgateError("forbidden", "Only an admin token can repeat a request.");
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
      throw new TollgateError("idempotency_key_reused", "This Idempotency-Key came with another request before.");
    }
    if (first.status === null || first.response === null) {
      throw new TollgateError("idempotency_in_progress", "The first request with this Idempotency-Key has not ended.");
    }
    return { status: first.status, body: JSON.parse(decryptForCaller(bearer, key, first.response)), repeated: true };
  }

  const answer = await work().catch(async (error: unknown) => {
    // Only what was surely refused may be tried again; of any other failure nobody knows how far it came.
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
