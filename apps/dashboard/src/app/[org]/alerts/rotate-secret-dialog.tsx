"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import { useOrgAction } from "@/lib/use-action.ts";
import { rotateChannelSecretAction } from "./actions.ts";
import { SigningSecretDialog } from "./signing-secret-dialog.tsx";

interface Props {
  channel: Channel;
  onClose: () => void;
}

export function RotateSecretDialog({ channel, onClose }: Props) {
  const [secret, setSecret] = useState<string>();
  const { run, pending, message } = useOrgAction(rotateChannelSecretAction, ({ signingSecret }) =>
    setSecret(signingSecret ?? undefined),
  );
  if (secret) return <SigningSecretDialog name={channel.name} secret={secret} onClose={onClose} />;
  return (
    <ConfirmDialog
      title={`New signing secret for ${channel.name}?`}
      confirm="Make a new secret"
      pending={pending}
      error={message}
      onConfirm={() => run({ id: channel.id })}
      onClose={onClose}
    >
      <p>Messages are signed with the new secret from now on. The receiver refuses them until it has that secret.</p>
    </ConfirmDialog>
  );
}
