"use client";

import { parseAsBoolean, useQueryState } from "nuqs";

/** Whether the page's "new" dialog is open: `?new=true`, so that a link can open it. */
export function useNewDialog(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useQueryState("new", parseAsBoolean.withDefault(false));
  return [open, (next) => void setOpen(next || null)];
}
