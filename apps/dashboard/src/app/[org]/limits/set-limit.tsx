"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import type { LimitChoices } from "./limit-choices.ts";
import { SetLimitDialog } from "./set-limit-dialog.tsx";

export function SetLimit({ choices }: { choices: LimitChoices }) {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Set limit
      </Button>
      {open ? <SetLimitDialog choices={choices} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
