import type { Key } from "@tollgate/control/keys/schemas";
import { AllowListSummary } from "@/components/allow-list-summary.tsx";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn, timeColumn } from "@/components/data-table/common-columns.tsx";
import { Absent } from "@/components/ui/absent.tsx";
import { KeyState } from "./key-state.tsx";

export const KEY_COLUMNS: readonly Column<Key>[] = [
  nameColumn(({ publicId, kind, lastFour }) => ({
    id: publicId,
    short: `tg_${kind}_${publicId.slice(0, 4)}…${lastFour}`,
    name: "public id of the key",
  })),
  { id: "state", header: "State", cell: (row) => <KeyState state={row.state} /> },
  {
    id: "team",
    header: "Team",
    from: "md",
    cell: (row) => row.teamName ?? <Absent />,
  },
  {
    id: "member",
    header: "Member",
    from: "lg",
    cell: (row) => row.memberName ?? <Absent />,
  },
  {
    id: "costCentre",
    header: "Cost centre",
    from: "xl",
    cell: (row) => row.costCentre ?? <Absent />,
  },
  { id: "models", header: "Models", from: "sm", cell: (row) => <AllowListSummary allow={row.allow} deny={row.deny} /> },
  timeColumn({ id: "expires", header: "Expires", from: "lg", sort: "expiresAt", at: (row) => row.expiresAt }),
  timeColumn({ id: "used", header: "Last used", from: "sm", sort: "lastUsedAt", at: (row) => row.lastUsedAt }),
];
