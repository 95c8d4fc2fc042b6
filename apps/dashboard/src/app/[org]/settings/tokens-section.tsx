"use client";

import type { Token } from "@tollgate/control/tokens/schemas";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { CreateTokenDialog } from "./create-token-dialog.tsx";
import { RevokeTokenDialog } from "./revoke-token-dialog.tsx";

const TONES = { active: "good", expired: "warn", revoked: "danger" } as const;
const STATES = { active: "Active", expired: "Expired", revoked: "Revoked" } as const;

const columnsFor = (revoke: (token: Token) => void): readonly Column<Token>[] => [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId
          id={row.publicId}
          short={`tg_adm_${row.publicId.slice(0, 4)}…${row.lastFour}`}
          name="public id of the token"
        />
      </div>
    ),
  },
  { id: "role", header: "Role", from: "sm", sortBy: (row) => row.role, cell: (row) => row.role },
  {
    id: "state",
    header: "State",
    sortBy: (row) => row.state,
    cell: (row) => <Badge tone={TONES[row.state]}>{STATES[row.state]}</Badge>,
  },
  {
    id: "used",
    header: "Last used",
    from: "sm",
    cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} /> : <span className="text-faint">never</span>),
  },
  {
    id: "actions",
    header: "Actions",
    unseen: true,
    align: "right",
    cell: (row) =>
      row.state === "active" ? (
        <Button size="sm" aria-label={`Revoke ${row.name}`} onClick={() => revoke(row)}>
          Revoke
        </Button>
      ) : null,
  },
];

/** Tokens of the admin API. */
export function TokensSection({ tokens }: { tokens: readonly Token[] }) {
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const columns = useMemo(() => columnsFor(setRevoking), []);
  return (
    <section aria-labelledby="tokens" className="grid gap-3 pt-2">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div>
          <h2 id="tokens" className="font-medium text-base">
            Admin tokens
          </h2>
          <p className="text-soft">
            For the admin API, which does all these pages do:{" "}
            <a href="/api/v1/openapi.json" className="underline underline-offset-2">
              its OpenAPI document
            </a>
            .
          </p>
        </div>
        <Button onClick={() => setCreating(true)}>
          <Plus aria-hidden />
          Create token
        </Button>
      </div>
      {tokens.length > 0 ? (
        <DataTable label="Admin tokens" columns={columns} rows={tokens} rowId={(row) => row.id} />
      ) : (
        <p className="rounded-lg border border-line border-dashed px-4 py-6 text-center text-soft">
          No token yet. Create one to script what you do here.
        </p>
      )}
      {creating ? <CreateTokenDialog onClose={() => setCreating(false)} /> : null}
      {revoking ? <RevokeTokenDialog token={revoking} onClose={() => setRevoking(null)} /> : null}
    </section>
  );
}
