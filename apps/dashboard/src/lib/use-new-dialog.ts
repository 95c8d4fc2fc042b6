"use client";

import { parseAsBoolean, useQueryState } from "nuqs";

/** Whether a page's "new" dialog is open. It is in the URL (`?new=true`), so that a link can open it. */
export function useNewDialog(prefix = ""): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useQueryState(`${prefix}new`, parseAsBoolean.withDefault(false));
  return [open, (next) => void setOpen(next || null)];
}
