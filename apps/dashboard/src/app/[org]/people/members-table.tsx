"use client";

import type { Member } from "@tollgate/control/people/schemas";
import { Pencil, UserMinus } from "lucide-react";
import { useMemo, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { Time } from "@/components/ui/time.tsx";
import { roleLabel } from "@/lib/role-options.ts";
import { EditMemberDialog } from "./edit-member-dialog.tsx";
import { RemoveMemberDialog } from "./remove-member-dialog.tsx";

type Open = { what: "edit" | "remove"; member: Member } | null;

const columnsFor = (setOpen: (open: Open) => void): readonly Column<Member>[] => [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid leading-4">
        <span className="font-medium">{row.name}</span>
        <span className="truncate text-faint text-xs">{row.email}</span>
      </div>
    ),
  },
  { id: "role", header: "Role", sortBy: (row) => row.role, cell: (row) => <Badge>{roleLabel(row.role)}</Badge> },
  {
    id: "teams",
    header: "Teams",
    from: "sm",
    cell: (row) => row.teams.map(({ name }) => name).join(", ") || <span className="text-faint">–</span>,
  },
  {
    id: "id",
    header: "Id",
    from: "lg",
    cell: (row) => <CopyableId id={row.id} brief name="member id" />,
  },
  {
    id: "since",
    header: "Since",
    from: "md",
    sortBy: (row) => row.createdAt,
    cell: (row) => <Time at={row.createdAt} className="text-soft" />,
  },
  {
    id: "actions",
    header: "Actions",
    unseen: true,
    align: "right",
    cell: (row) => (
      <RowMenu label={row.name}>
        <MenuItem onSelect={() => setOpen({ what: "edit", member: row })}>
          <Pencil aria-hidden />
          Edit
        </MenuItem>
        <MenuItem danger onSelect={() => setOpen({ what: "remove", member: row })}>
          <UserMinus aria-hidden />
          Remove
        </MenuItem>
      </RowMenu>
    ),
  },
];

interface Props {
  members: readonly Member[];
  teams: readonly { id: string; name: string }[];
}

export function MembersTable({ members, teams }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const columns = useMemo(() => columnsFor(setOpen), []);
  return (
    <>
      <DataTable label="Members" columns={columns} rows={members} rowId={(row) => row.id} />
      {open?.what === "edit" ? (
        <EditMemberDialog member={open.member} teams={teams} onClose={() => setOpen(null)} />
      ) : null}
      {open?.what === "remove" ? <RemoveMemberDialog member={open.member} onClose={() => setOpen(null)} /> : null}
    </>
  );
}
