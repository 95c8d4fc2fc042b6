"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { GuardrailDialog } from "./guardrail-dialog.tsx";

export function AddGuardrail() {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Add guardrail
      </Button>
      {open ? <GuardrailDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
