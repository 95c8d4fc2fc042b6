"use client";

import { SecretDialog } from "@/components/ui/secret-dialog.tsx";

interface Props {
  name: string;
  secret: string;
  onClose: () => void;
}

/** What a webhook's receiver checks its signatures with. */
export const SigningSecretDialog = ({ name, secret, onClose }: Props) => (
  <SecretDialog title={`Signing secret of ${name}`} label="Signing secret" secret={secret} onClose={onClose}>
    <p className="text-soft">
      Every message carries <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code>,
      as Standard Webhooks define them: their libraries check it in one line.
    </p>
  </SecretDialog>
);
