"use client";

import { Plus } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { useNewDialog } from "@/lib/use-new-dialog.ts";

interface Props {
  label: string;
  look?: "primary" | "plain";
  /** The prefix of the table that shows the dialog. */
  prefix?: string;
}

/** Opens the dialog for a new row. The table of these rows renders the dialog. */
export function NewButton({ label, look = "primary", prefix }: Props) {
  const [, setOpen] = useNewDialog(prefix);
  return (
    <Button look={look} onClick={() => setOpen(true)}>
      <Plus aria-hidden />
      {label}
    </Button>
  );
}
