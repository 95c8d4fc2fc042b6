"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import type { KeyChoices } from "./key-choices.ts";

export function CreateKey({ choices }: { choices: KeyChoices }) {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Create key
      </Button>
      {open ? <CreateKeyDialog choices={choices} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
