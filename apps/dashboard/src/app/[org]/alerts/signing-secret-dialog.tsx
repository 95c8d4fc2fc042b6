"use client";

import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { SecretOnce } from "@/components/ui/secret-once.tsx";

interface Props {
  name: string;
  secret: string;
  onClose: () => void;
}

/** What a webhook's receiver checks its signatures with, in the only moment it can be seen. */
export const SigningSecretDialog = ({ name, secret, onClose }: Props) => (
  <Dialog open onOpenChange={onClose} title={`Signing secret of ${name}`}>
    <DialogBody>
      <SecretOnce label="Signing secret" secret={secret} />
      <p className="text-soft">
        Every message carries <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code>
        , as Standard Webhooks define them: their libraries check it in one line.
      </p>
    </DialogBody>
    <DialogFooter>
      <Button look="primary" onClick={onClose}>
        Done
      </Button>
    </DialogFooter>
  </Dialog>
);
