"use client";

import { CodeBlock } from "@/components/ui/code-block.tsx";
import { SecretDialog } from "@/components/ui/secret-dialog.tsx";
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
  <SecretDialog
    wide
    title={`Key ${name} created`}
    description="The snippets below have the key and the address filled in."
    label="Virtual key"
    secret={secret}
    onClose={onClose}
  >
    <Tabs
      label="First call"
      tabs={SNIPPETS.map(({ id, label, code }) => ({
        id,
        label,
        content: <CodeBlock code={code({ proxyUrl, secret, model })} copyLabel={`Copy ${label} snippet`} />,
      }))}
    />
  </SecretDialog>
);
