"use client";

import { Plus } from "lucide-react";
import Link from "next/link";
import { useOrganisation } from "@/components/shell/organisation-provider.tsx";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import type { ModelChoices } from "./model-choices.ts";
import { ModelDialog } from "./model-dialog.tsx";

/** Opens the page's dialog; without a provider there is nothing a model could point to. */
export function FirstModel({ choices }: { choices: ModelChoices }) {
  const { slug } = useOrganisation();
  const [, setOpen] = useNewDialog();
  if (choices.credentials.length === 0) {
    return (
      <Button asChild>
        <Link href={`/${slug}/providers?new=true`}>Add a provider first</Link>
      </Button>
    );
  }
  return (
    <Button look="primary" onClick={() => setOpen(true)}>
      <Plus aria-hidden />
      Add model
    </Button>
  );
}

export function AddModel({ choices }: { choices: ModelChoices }) {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <FirstModel choices={choices} />
      {open && choices.credentials.length > 0 ? <ModelDialog choices={choices} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
