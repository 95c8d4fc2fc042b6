import type { Prisma } from "@tollgate/db/query";
import { z } from "zod";
import type { Guardrail } from "./schemas.ts";

const Patterns = z.array(z.string());

export const presentGuardrail = (row: Prisma.GuardrailGetPayload<object>): Guardrail => ({
  id: row.id,
  name: row.name,
  stage: row.stage,
  kind: row.kind,
  patterns: Patterns.parse(row.patterns),
  action: row.action,
  mode: row.mode,
  onFailure: row.onFailure,
  createdAt: row.createdAt.toISOString(),
});
