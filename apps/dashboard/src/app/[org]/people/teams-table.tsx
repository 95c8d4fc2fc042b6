"use client";

import type { Team } from "@tollgate/control/teams/schemas";
import { Pencil, Plus, Trash2, Users } from "lucide-react";
import { useMemo, useState } from "react";
import { AllowListSummary } from "@/components/allow-list-summary.tsx";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { DeleteTeamDialog } from "./delete-team-dialog.tsx";
import { TeamDialog } from "./team-dialog.tsx";

type Open = { what: "edit" | "delete"; team: Team } | null;

const columnsFor = (setOpen: (open: Open) => void): readonly Column<Team>[] => [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId id={row.id} brief name="team id" />
      </div>
    ),
  },
  { id: "models", header: "Models", from: "sm", cell: (row) => <AllowListSummary allow={row.allow} deny={row.deny} /> },
  {
    id: "members",
    header: "Members",
    align: "right",
    sortBy: (row) => row.memberCount,
    cell: (row) => row.memberCount,
  },
  { id: "keys", header: "Keys", align: "right", sortBy: (row) => row.keyCount, cell: (row) => row.keyCount },
  {
    id: "actions",
    header: "Actions",
    unseen: true,
    align: "right",
    cell: (row) => (
      <RowMenu label={row.name}>
        <MenuItem onSelect={() => setOpen({ what: "edit", team: row })}>
          <Pencil aria-hidden />
          Edit
        </MenuItem>
        <MenuItem danger onSelect={() => setOpen({ what: "delete", team: row })}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      </RowMenu>
    ),
  },
];

interface Props {
  teams: readonly Team[];
  models: readonly string[];
}

export function TeamsTable({ teams, models }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const [, setCreating] = useNewDialog();
  const columns = useMemo(() => columnsFor(setOpen), []);
  if (teams.length === 0) {
    return (
      <EmptyState
        icon={Users}
        title="No teams yet"
        action={
          <Button onClick={() => setCreating(true)}>
            <Plus aria-hidden />
            Create team
          </Button>
        }
      >
        A team has its own models, keys and budget, and its own line in Spend.
      </EmptyState>
    );
  }
  return (
    <>
      <DataTable label="Teams" columns={columns} rows={teams} rowId={(row) => row.id} />
      {open?.what === "edit" ? <TeamDialog team={open.team} models={models} onClose={() => setOpen(null)} /> : null}
      {open?.what === "delete" ? <DeleteTeamDialog team={open.team} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
