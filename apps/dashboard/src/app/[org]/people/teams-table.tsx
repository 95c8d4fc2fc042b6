"use client";

import type { Team } from "@tollgate/control/teams/schemas";
import { Users } from "lucide-react";
import { AllowListSummary } from "@/components/allow-list-summary.tsx";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn, numberColumn } from "@/components/data-table/common-columns.tsx";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { Absent } from "@/components/ui/absent.tsx";
import { deleteTeamAction } from "./actions.ts";
import { TeamDialog } from "./team-dialog.tsx";

const COLUMNS: readonly Column<Team>[] = [
  nameColumn(({ id }) => ({ id, brief: true, name: "team id" })),
  { id: "models", header: "Models", from: "sm", cell: (row) => <AllowListSummary allow={row.allow} deny={row.deny} /> },
  { id: "costCentre", header: "Cost centre", from: "lg", cell: (row) => row.costCentre ?? <Absent /> },
  numberColumn({ id: "members", header: "Members", of: (row) => row.memberCount }),
  numberColumn({ id: "keys", header: "Keys", of: (row) => row.keyCount }),
];

const DELETE: RowAction<Team> = deleteAction<Team>({
  noun: "team",
  action: deleteTeamAction,
  text: (row) =>
    row.keyCount > 0
      ? `It has ${row.keyCount} ${row.keyCount === 1 ? "key" : "keys"}. Revoke them or give them to another team first.`
      : `It has ${row.memberCount} ${row.memberCount === 1 ? "member" : "members"}, who stay in the organisation. Its spend so far stays on the Spend page.`,
});

interface Props {
  teams: readonly Team[];
  nextCursor: string | null;
}

export const TeamsTable = ({ teams, nextCursor }: Props) => (
  <ResourceTable
    label="Teams"
    rows={teams}
    rowId={({ id }) => id}
    rowName={({ name }) => name}
    columns={COLUMNS}
    actions={[editAction<Team>((row, onClose) => <TeamDialog team={row} onClose={onClose} />), DELETE]}
    searchable
    nextCursor={nextCursor}
    create={{ label: "Create team", dialog: (onClose) => <TeamDialog onClose={onClose} /> }}
    empty={{
      icon: Users,
      title: "No teams yet",
      text: "A team has its own models, keys and budget, and its own line in Spend.",
    }}
  />
);
