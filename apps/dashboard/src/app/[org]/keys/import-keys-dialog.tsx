"use client";

import { useState } from "react";
import { CsvDialog } from "@/components/csv-dialog.tsx";
import { bulkCreateKeysAction } from "./actions.ts";
import { NewSecretsDialog } from "./new-secrets-dialog.tsx";

const COLUMNS = ["name", "team", "member", "kind", "costCentre", "expiresAt", "allow", "deny"] as const;

const EXAMPLE = `name,team,member,expiresAt
search-backend,Research,ada@example.com,2027-01-01T00:00:00Z
nightly-batch,,,`;

const list = (text: string): string[] => text.split(/[\s|,;]+/).filter(Boolean);

/** Texts are sent unchanged: the verb checks them. */
const keyOf = ({ name = "", team, member, kind, costCentre, expiresAt, allow, deny }: Record<string, string>) => ({
  name,
  ...(team ? { team } : {}),
  ...(member ? { member } : {}),
  ...(kind ? { kind: kind as "live" } : {}),
  ...(costCentre ? { costCentre } : {}),
  ...(expiresAt ? { expiresAt } : {}),
  ...(allow ? { allow: list(allow) } : {}),
  ...(deny ? { deny: list(deny) } : {}),
});

/** Creates keys from pasted CSV, then shows their secrets once. */
export function ImportKeysDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; publicId: string; secret: string }[]>();
  if (made) return <NewSecretsDialog keys={made} onClose={onClose} />;
  return (
    <CsvDialog
      title="Create keys from CSV"
      noun="keys"
      columns={COLUMNS}
      required={["name"]}
      hint={`The first line names the columns: ${COLUMNS.join(", ")}. Team by name, member by e-mail address, models separated by |.`}
      example={EXAMPLE}
      row={keyOf}
      action={bulkCreateKeysAction}
      onDone={({ items }) => setMade(items)}
      onClose={onClose}
    />
  );
}
