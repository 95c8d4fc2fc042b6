"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { Bell, Send } from "lucide-react";
import { ResourceTable } from "@/components/data-table/resource-table.tsx";
import { useRowAction } from "@/lib/use-row-action.ts";
import { testChannelAction } from "./actions.ts";
import { CHANNEL_ACTIONS } from "./channel-actions.tsx";
import { CHANNEL_COLUMNS } from "./channel-columns.tsx";
import { ChannelDialog } from "./channel-dialog.tsx";

interface Props {
  channels: readonly Channel[];
  nextCursor: string | null;
}

export function ChannelsTable({ channels, nextCursor }: Props) {
  const test = useRowAction(
    (slug, { id }: Channel) => testChannelAction(slug, { id }),
    () => ({ title: "Test alert created", description: "The history shows whether it was delivered." }),
  );
  return (
    <ResourceTable
      label="Channels"
      rows={channels}
      rowId={({ id }) => id}
      rowName={({ name }) => name}
      columns={CHANNEL_COLUMNS}
      searchable
      nextCursor={nextCursor}
      actions={[
        { label: "Send test", icon: Send, button: ({ name }) => `Send a test to ${name}`, run: test },
        ...CHANNEL_ACTIONS,
      ]}
      create={{ label: "Add channel", dialog: (onClose) => <ChannelDialog onClose={onClose} /> }}
      empty={{
        icon: Bell,
        title: "No channels yet",
        text: "Add a mail address, a Slack channel or a webhook. Each threshold of a limit alerts once per window.",
      }}
    />
  );
}
