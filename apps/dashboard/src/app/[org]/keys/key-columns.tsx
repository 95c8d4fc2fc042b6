import type { Key } from "@tollgate/control/keys/schemas";
import { AllowListSummary } from "@/components/allow-list-summary.tsx";
import type { Column } from "@/components/data-table/column.ts";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { Time } from "@/components/ui/time.tsx";
import { KeyState } from "./key-state.tsx";

const Absent = ({ children }: { children: string }) => <span className="text-faint">{children}</span>;

export const KEY_COLUMNS: readonly Column<Key>[] = [
  {
    id: "name",
    header: "Name",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId
          id={row.publicId}
          short={`tg_${row.kind}_${row.publicId.slice(0, 4)}…${row.lastFour}`}
          name="public id of the key"
        />
      </div>
    ),
  },
  { id: "state", header: "State", sortBy: (row) => row.state, cell: (row) => <KeyState state={row.state} /> },
  {
    id: "team",
    header: "Team",
    from: "md",
    sortBy: (row) => row.teamName ?? "",
    cell: (row) => row.teamName ?? <Absent>–</Absent>,
  },
  {
    id: "member",
    header: "Member",
    from: "lg",
    sortBy: (row) => row.memberName ?? "",
    cell: (row) => row.memberName ?? <Absent>–</Absent>,
  },
  { id: "models", header: "Models", from: "sm", cell: (row) => <AllowListSummary allow={row.allow} deny={row.deny} /> },
  {
    id: "expires",
    header: "Expires",
    from: "lg",
    sortBy: (row) => row.expiresAt ?? "9",
    cell: (row) => (row.expiresAt ? <Time at={row.expiresAt} /> : <Absent>never</Absent>),
  },
  {
    id: "used",
    header: "Last used",
    from: "sm",
    sortBy: (row) => row.lastUsedAt ?? "",
    cell: (row) => (row.lastUsedAt ? <Time at={row.lastUsedAt} className="text-soft" /> : <Absent>never</Absent>),
  },
];
