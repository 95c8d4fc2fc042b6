"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { Bell, KeyRound, Pencil, Plus, Send, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { Column } from "@/components/data-table/column.ts";
import { DataTable } from "@/components/data-table/data-table.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyableId } from "@/components/ui/copyable-id.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { MenuItem } from "@/components/ui/menu.tsx";
import { RowMenu } from "@/components/ui/row-menu.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { eventLabels, kindLabel } from "./channel-options.ts";
import { DeleteChannelDialog } from "./delete-channel-dialog.tsx";
import { RotateSecretDialog } from "./rotate-secret-dialog.tsx";
import { useTest } from "./use-test.ts";

type Open = { what: "edit" | "rotate" | "delete"; channel: Channel } | null;

const whereTo = ({ kind, addresses, url }: Channel): string => {
  if (kind === "email") return addresses.join(", ");
  return kind === "slack" ? `${url}/…` : (url ?? "");
};

const columnsFor = (actions: (channel: Channel) => ReactNode): readonly Column<Channel>[] => [
  {
    id: "name",
    header: "Channel",
    sortBy: (row) => row.name.toLowerCase(),
    cell: (row) => (
      <div className="grid">
        <span className="font-medium">{row.name}</span>
        <CopyableId id={row.id} brief name="channel id" />
      </div>
    ),
  },
  { id: "kind", header: "Kind", sortBy: (row) => row.kind, cell: (row) => kindLabel(row.kind) },
  {
    id: "to",
    header: "To",
    from: "md",
    className: "max-w-xs",
    cell: (row) => (
      <span className="line-clamp-1 break-all text-soft" title={whereTo(row)}>
        {whereTo(row)}
      </span>
    ),
  },
  {
    id: "events",
    header: "Alerts on",
    from: "sm",
    cell: (row) => <span className="text-soft">{eventLabels(row.events)}</span>,
  },
  { id: "actions", header: "Actions", unseen: true, align: "right", cell: actions },
];

export function ChannelsTable({ channels }: { channels: readonly Channel[] }) {
  const [open, setOpen] = useState<Open>(null);
  const [, setAdding] = useNewDialog();
  const test = useTest();
  const close = () => setOpen(null);
  if (channels.length === 0) {
    return (
      <EmptyState
        icon={Bell}
        title="Nobody is told yet"
        action={
          <Button look="primary" onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            Add channel
          </Button>
        }
      >
        Add a mail address, a Slack channel or a webhook. Each threshold of a limit alerts once per window.
      </EmptyState>
    );
  }
  const columns = columnsFor((channel) => (
    <div className="flex items-center justify-end gap-1.5">
      <Button size="sm" aria-label={`Send a test to ${channel.name}`} onClick={() => test(channel)}>
        <Send aria-hidden />
        Send test
      </Button>
      <RowMenu label={channel.name}>
        <MenuItem onSelect={() => setOpen({ what: "edit", channel })}>
          <Pencil aria-hidden />
          Edit
        </MenuItem>
        {channel.kind === "webhook" ? (
          <MenuItem onSelect={() => setOpen({ what: "rotate", channel })}>
            <KeyRound aria-hidden />
            New signing secret
          </MenuItem>
        ) : null}
        <MenuItem danger onSelect={() => setOpen({ what: "delete", channel })}>
          <Trash2 aria-hidden />
          Delete
        </MenuItem>
      </RowMenu>
    </div>
  ));
  return (
    <>
      <DataTable label="Channels" columns={columns} rows={channels} rowId={(row) => row.id} />
      {open?.what === "edit" ? <ChannelDialog channel={open.channel} onClose={close} /> : null}
      {open?.what === "rotate" ? <RotateSecretDialog channel={open.channel} onClose={close} /> : null}
      {open?.what === "delete" ? <DeleteChannelDialog channel={open.channel} onClose={close} /> : null}
    </>
  );
}
