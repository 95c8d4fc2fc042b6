"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { AddProviderDialog } from "./add-provider-dialog.tsx";
import type { ProviderChoice } from "./provider-choice.ts";

export function AddProvider({ providers }: { providers: readonly ProviderChoice[] }) {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Add provider
      </Button>
      {open ? <AddProviderDialog providers={providers} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
