"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { TeamDialog } from "./team-dialog.tsx";

export function CreateTeam({ models }: { models: readonly string[] }) {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Create team
      </Button>
      {open ? <TeamDialog models={models} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
