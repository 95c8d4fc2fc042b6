import { createHmac } from "node:crypto";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Context } from "./context.ts";
import { takeFailedSignIns } from "./people/failed-sign-ins.ts";

export interface AuditNote {
  /** The changed object, e.g. `key 0198…`. */
  subject: string;
  /** Old and new values. Of secrets, only ids. */
  before?: object;
  after?: object;
}

export interface AuditRow {
  orgId: string;
  sequence: bigint;
  at: Date;
  actorKind: string;
  actorId: string | null;
  actorName: string;
  address: string | null;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}

/** The previous hash of the first row. */
export const CHAIN_START = "0".repeat(64);

/** JSON with sorted keys, because the database does not keep the order of keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(",")}}`;
}

/** HMAC-SHA-256 of the previous row's hash and this row, in hex. So a changed, deleted or inserted row is detected. */
export function chainHash(auditKey: Buffer, previous: string, row: AuditRow): string {
  const fields = { ...row, sequence: row.sequence.toString(), at: row.at.toISOString() };
  return createHmac("sha256", auditKey).update(previous).update("\n").update(canonical(fields)).digest("hex");
}

const actorId = ({ actor }: Context): string | null =>
  actor.kind === "user" ? actor.userId : actor.kind === "token" ? actor.tokenId : null;

/**
 * Until the transaction ends, no other transaction changes this organisation. So data that a verb has read stays valid, and
 * the audit chain gets no gaps.
 */
export async function oneAtATime(tx: Tx, orgId: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('audit:' || ${orgId}::text, 0))`;
}

type Entry = Omit<AuditRow, "orgId" | "sequence" | "before" | "after"> & Pick<AuditNote, "before" | "after">;

/** Entries of one statement. */
const BATCH = 2_000;

/** With one parameter for all entries: Prisma takes seconds for a thousand rows. */
const insertAll = (tx: Tx, orgId: string, entries: readonly object[]): Promise<number> => tx.$executeRaw`
  insert into audit_entry
    (org_id, sequence, at, actor_kind, actor_id, actor_name, address, action, subject, "before", "after", hash)
  select ${orgId}::uuid, e.sequence, e.at, e."actorKind", e."actorId", e."actorName", e.address, e.action, e.subject, e."before",
    e."after", e.hash
  from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e(sequence bigint, at timestamptz, "actorKind" text,
    "actorId" text, "actorName" text, address text, action text, subject text, "before" jsonb, "after" jsonb, hash text)
  order by e.sequence`;

async function append(tx: Tx, { orgId, services }: Context, entries: readonly Entry[]): Promise<void> {
  const last = await tx.auditEntry.findFirst({ where: { orgId }, orderBy: { sequence: "desc" } });
  let [sequence, hash] = [last?.sequence ?? 0n, last?.hash ?? CHAIN_START];
  const data = entries.map(({ before, after, ...rest }) => {
    sequence += 1n;
    const row = { orgId, sequence, ...rest };
    hash = chainHash(services.auditKey, hash, { ...row, before: before ?? null, after: after ?? null });
    return { ...row, sequence: sequence.toString(), before, after, hash };
  });
  for (let from = 0; from < data.length; from += BATCH) await insertAll(tx, orgId, data.slice(from, from + BATCH));
}

/** Appends the failed sign-ins of the organisation's people since the last entry. */
export async function auditFailedSignIns(tx: Tx, ctx: Context): Promise<void> {
  const { orgId } = ctx;
  if ((await tx.signInFailure.count({ where: { orgId } })) === 0) return;
  await oneAtATime(tx, orgId);
  for (const { userId, address, lastAt, ...after } of await takeFailedSignIns(tx, orgId)) {
    const actor = { actorKind: "system", actorId: null, actorName: "Sign-in" };
    const what = { action: "people.sign-in.failed", subject: `user ${userId}`, after: { ...after, lastAt } };
    await append(tx, ctx, [{ ...actor, ...what, at: new Date(lastAt), address }]);
  }
}

/** Appends to the organisation's chain in the transaction of the change. */
export const audit = (tx: Tx, ctx: Context, action: string, note: AuditNote): Promise<void> =>
  auditEach(tx, ctx, action, [note]);

/** {@link audit} for several changed objects, in this order. */
export async function auditEach(tx: Tx, ctx: Context, action: string, notes: readonly AuditNote[]): Promise<void> {
  if (notes.length === 0) return;
  const { actor, address, services } = ctx;
  await oneAtATime(tx, ctx.orgId);
  await auditFailedSignIns(tx, ctx);
  const by = { actorKind: actor.kind, actorId: actorId(ctx), actorName: actor.name, address, action };
  const at = new Date(services.now());
  await append(
    tx,
    ctx,
    notes.map((note) => ({ at, ...by, ...note })),
  );
}
