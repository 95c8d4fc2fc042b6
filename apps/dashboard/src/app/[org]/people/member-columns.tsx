import type { Member } from "@tollgate/control/people/schemas";
import type { Column } from "@/components/data-table/column.ts";
import { timeColumn } from "@/components/data-table/common-columns.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { roleLabel } from "@/lib/role-options.ts";

export const MEMBER_COLUMNS: readonly Column<Member>[] = [
  {
    id: "name",
    header: "Name",
    sort: "name",
    cell: (row) => (
      <div className="grid leading-4">
        <span className="font-medium">{row.name}</span>
        <span className="truncate text-faint text-xs">{row.email}</span>
      </div>
    ),
  },
  { id: "role", header: "Role", sort: "role", cell: (row) => <Badge>{roleLabel(row.role)}</Badge> },
  {
    id: "teams",
    header: "Teams",
    from: "sm",
    cell: (row) => row.teams.map(({ name }) => name).join(", ") || <Absent />,
  },
  { id: "costCentre", header: "Cost centre", from: "xl", cell: (row) => row.costCentre ?? <Absent /> },
  { id: "id", header: "Id", from: "lg", cell: (row) => <CopyableId id={row.id} brief name="member id" /> },
  timeColumn({ id: "since", header: "Since", from: "md", sort: "createdAt", at: (row) => row.createdAt }),
];
