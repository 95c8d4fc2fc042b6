import { freshId } from "@tollgate/testkit/fresh-id";
import type { Tx } from "../src/with-tenant.ts";

export const teamId = freshId();
export const credentialId = freshId();
export const modelId = freshId();
export const targetId = freshId();
export const keyId = freshId();
export const limitId = freshId();
export const guardrailId = freshId();
export const priceId = freshId();
export const at = new Date("2026-01-15T12:00:00.250Z");
export const atMs = at.getTime();

/** Gives an organisation one of each thing that the directory has. */
export async function fillDirectory(tx: Tx, orgId: string, memberId: string): Promise<void> {
  await tx.organisation.update({
    where: { id: orgId },
    data: { formerZones: [{ timeZone: "Asia/Tokyo", untilMs: atMs }], allow: ["gpt-*"], deny: ["gpt-4"] },
  });
  await tx.membership.update({ where: { id: memberId }, data: { role: "admin" } });
  await tx.team.create({ data: { id: teamId, orgId, name: "Research", deny: ["x"] } });
  await tx.credential.create({
    data: {
      id: credentialId,
      orgId,
      name: "Main",
      provider: "openai",
      baseUrl: "https://a",
      sealed: "c2Vh",
      lastFour: "1234",
    },
  });
  await tx.model.create({ data: { id: modelId, orgId, name: "fast", cacheTtlSeconds: 60 } });
  await tx.target.create({
    data: { id: targetId, orgId, modelId, credentialId, upstreamModel: "gpt-mini", weight: 3 },
  });
  await tx.priceOverride.create({
    data: {
      id: priceId,
      orgId,
      provider: "openai",
      upstreamModel: "gpt-mini",
      since: at,
      inputPerMillion: "0.5",
      outputPerMillion: "2",
    },
  });
  const key = {
    id: keyId,
    orgId,
    publicId: "0123456789",
    name: "CI",
    lastFour: "abcd",
    teamId,
    memberId,
    expiresAt: at,
  };
  await tx.virtualKey.create({ data: key });
  await tx.keySecret.create({ data: { id: freshId(), orgId, keyId, hash: "ab".repeat(32), notAfter: at } });
  await tx.limit.create({
    data: {
      id: limitId,
      orgId,
      scope: "team",
      subject: teamId,
      unit: "usd",
      window: "total",
      anchor: at,
      amount: 2n ** 60n,
      thresholds: [80],
    },
  });
  for (const scope of ["run", "end_user", "cost_centre"] as const)
    await tx.limit.create({
      data: { id: freshId(), orgId, scope, unit: "requests", window: "total", amount: 5n, thresholds: [] },
    });
  await tx.guardrail.create({
    data: { id: guardrailId, orgId, name: "Words", kind: "keyword", patterns: ["apollo"], action: "block" },
  });
  await tx.limitCounter.create({
    data: { orgId, limitId, subject: teamId, windowStart: at, settled: "1234567890123456789012" },
  });
}
