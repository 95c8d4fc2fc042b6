import type { AuditEntry } from "@tollgate/control/audit/schemas";

type Json = AuditEntry["before"];

export interface ChangedField {
  field: string;
  before: string | null;
  after: string | null;
}

const fieldsOf = (value: Json): Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {};

const text = (value: Json | undefined): string | null =>
  value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value);

/** The fields that differ between before and after, as text; null if there was no value. */
export function changesOf({ before, after }: Pick<AuditEntry, "before" | "after">): ChangedField[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .map((field) => ({ field, before: text(old[field]), after: text(fresh[field]) }))
    .filter((change) => change.before !== change.after);
}
