"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";
import { ChannelDialog } from "./channel-dialog.tsx";

export function AddChannel() {
  const [open, setOpen] = useNewDialog();
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        Add channel
      </Button>
      {open ? <ChannelDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}
