"use client";

import { SecretDialog } from "@/components/ui/secret-dialog.tsx";

interface Props {
  name: string;
  secret: string;
  onClose: () => void;
}

/** The secret that the receiver of a webhook checks signatures with. */
export const SigningSecretDialog = ({ name, secret, onClose }: Props) => (
  <SecretDialog title={`Signing secret of ${name}`} label="Signing secret" secret={secret} onClose={onClose}>
    <p className="text-soft">
      Every message carries <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code>,
      as Standard Webhooks define them. Their libraries check them in one line.
    </p>
  </SecretDialog>
);
