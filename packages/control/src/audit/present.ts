import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import { AuditEntry } from "./schemas.ts";

const Kind = AuditEntry.shape.actor.shape.kind;
const Values = z.json().nullable();

export const presentEntry = (row: Prisma.AuditEntryGetPayload<object>): AuditEntry => ({
  sequence: row.sequence.toString(),
  at: row.at.toISOString(),
  actor: { kind: Kind.parse(row.actorKind), id: row.actorId, name: row.actorName },
  address: row.address,
  action: row.action,
  subject: row.subject,
  before: Values.parse(row.before),
  after: Values.parse(row.after),
});
