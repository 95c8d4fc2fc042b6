"use client";

import { Button } from "@/components/ui/button.tsx";
import { CodeBlock } from "@/components/ui/code-block.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { SecretOnce } from "@/components/ui/secret-once.tsx";
import { Tabs } from "@/components/ui/tabs.tsx";
import { SNIPPETS } from "@/lib/snippets.ts";

interface Props {
  name: string;
  secret: string;
  model: string;
  proxyUrl: string;
  onClose: () => void;
}

export const NewKeyDialog = ({ name, secret, model, proxyUrl, onClose }: Props) => (
  <Dialog
    open
    onOpenChange={onClose}
    wide
    title={`Key ${name} created`}
    description="Ready to call with: nothing to fill in."
  >
    <DialogBody>
      <SecretOnce label="Virtual key" secret={secret} />
      <Tabs
        label="First call"
        tabs={SNIPPETS.map(({ id, label, code }) => ({
          id,
          label,
          content: <CodeBlock code={code({ proxyUrl, secret, model })} copyLabel={`Copy ${label} snippet`} />,
        }))}
      />
    </DialogBody>
    <DialogFooter>
      <Button look="primary" onClick={onClose}>
        Done
      </Button>
    </DialogFooter>
  </Dialog>
);
