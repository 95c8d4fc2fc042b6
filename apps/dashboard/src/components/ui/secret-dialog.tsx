import type { ReactNode } from "react";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";

interface Props {
  title: string;
  description?: string;
  wide?: boolean;
  /** Name of the secret. */
  label: string;
  secret: string;
  onClose: () => void;
  /** What to do with it. */
  children?: ReactNode;
}

/** Shows a secret, the only time that it can be seen. */
export const SecretDialog = ({ label, secret, onClose, children, ...dialog }: Props) => (
  <Dialog open onOpenChange={onClose} {...dialog}>
    <DialogBody>
      <div className="grid gap-2">
        <p className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">Copy it now. It is shown only once.</p>
        <div className="flex items-center gap-2">
          <output
            aria-label={label}
            className="min-w-0 flex-1 break-all rounded-md border border-line-strong bg-sunken px-2.5 py-1.5 font-mono text-xs"
          >
            {secret}
          </output>
          <CopyButton text={secret} label="Copy" face />
        </div>
      </div>
      {children}
    </DialogBody>
    <DialogFooter>
      <Button look="primary" onClick={onClose}>
        Done
      </Button>
    </DialogFooter>
  </Dialog>
);
