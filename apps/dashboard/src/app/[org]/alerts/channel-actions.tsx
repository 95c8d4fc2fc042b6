import type { Channel } from "@tollgate/control/channels/schemas";
import { KeyRound } from "lucide-react";
import { deleteAction } from "@/components/data-table/delete-action.tsx";
import { editAction, type RowAction } from "@/components/data-table/row-action.ts";
import { deleteChannelAction } from "./actions.ts";
import { ChannelDialog } from "./channel-dialog.tsx";
import { RotateSecretDialog } from "./rotate-secret-dialog.tsx";

export const CHANNEL_ACTIONS: readonly RowAction<Channel>[] = [
  editAction((row, onClose) => <ChannelDialog channel={row} onClose={onClose} />),
  {
    label: "New signing secret",
    icon: KeyRound,
    when: ({ kind }) => kind === "webhook",
    dialog: (row, onClose) => <RotateSecretDialog channel={row} onClose={onClose} />,
  },
  deleteAction<Channel>({
    noun: "channel",
    action: deleteChannelAction,
    text: () => "It gets no more alerts, and waiting ones fail. The history keeps what was sent to it.",
  }),
];
