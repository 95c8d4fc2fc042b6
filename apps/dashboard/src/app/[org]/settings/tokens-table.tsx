"use client";

import type { Token } from "@tollgate/control/tokens/schemas";
import { Ban, KeySquare } from "lucide-react";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn, timeColumn } from "@/components/data-table/common-columns.tsx";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { roleLabel } from "@/lib/role-options.ts";
import { revokeTokenAction } from "./actions.ts";
import { CreateTokenDialog } from "./create-token-dialog.tsx";

const TONES = { active: "good", expired: "warn", revoked: "danger" } as const;
const STATES = { active: "Active", expired: "Expired", revoked: "Revoked" } as const;

const COLUMNS: readonly Column<Token>[] = [
  nameColumn(({ publicId, lastFour }) => ({
    id: publicId,
    short: `tg_adm_${publicId.slice(0, 4)}…${lastFour}`,
    name: "public id of the token",
  })),
  { id: "role", header: "Role", from: "sm", sort: "role", cell: (row) => roleLabel(row.role) },
  {
    id: "state",
    header: "State",
    cell: (row) => <Badge tone={TONES[row.state]}>{STATES[row.state]}</Badge>,
  },
  timeColumn({ id: "used", header: "Last used", from: "sm", sort: "lastUsedAt", at: (row) => row.lastUsedAt }),
];

const REVOKE = deleteAction<Token>({
  noun: "token",
  verb: "Revoke",
  done: "revoked",
  icon: Ban,
  action: revokeTokenAction,
  when: ({ state }) => state === "active",
  button: ({ name }) => `Revoke ${name}`,
  text: () => "Scripts that use it are refused from their next call on. This cannot be undone.",
});

interface Props {
  tokens: readonly Token[];
  nextCursor: string | null;
}

/** Tokens of the admin API. */
export const TokensTable = ({ tokens, nextCursor }: Props) => (
  <ResourceTable
    label="Admin tokens"
    rows={tokens}
    rowId={({ id }) => id}
    rowName={({ name }) => name}
    columns={COLUMNS}
    actions={[REVOKE]}
    searchable
    nextCursor={nextCursor}
    create={{ label: "Create token", dialog: (onClose) => <CreateTokenDialog onClose={onClose} /> }}
    empty={{
      icon: KeySquare,
      title: "No tokens yet",
      text: "With a token, scripts do through the admin API what people do on these pages.",
    }}
  />
);
