import type { Channel } from "@tollgate/control/channels/schemas";
import type { Column } from "@/components/data-table/column.ts";
import { nameColumn } from "@/components/data-table/common-columns.tsx";
import { eventLabels, kindLabel } from "./channel-options.ts";

const addressOf = ({ kind, addresses, url }: Channel): string => {
  if (kind === "email") return addresses.join(", ");
  return kind === "slack" ? `${url}/…` : (url ?? "");
};

export const CHANNEL_COLUMNS: readonly Column<Channel>[] = [
  nameColumn(({ id }) => ({ id, brief: true, name: "channel id" }), "Channel"),
  { id: "kind", header: "Kind", sort: "kind", cell: (row) => kindLabel(row.kind) },
  {
    id: "to",
    header: "To",
    from: "md",
    className: "max-w-xs",
    cell: (row) => (
      <span className="line-clamp-1 break-all text-soft" title={addressOf(row)}>
        {addressOf(row)}
      </span>
    ),
  },
  {
    id: "events",
    header: "Alerts on",
    from: "sm",
    cell: (row) => <span className="text-soft">{eventLabels(row.events)}</span>,
  },
];
