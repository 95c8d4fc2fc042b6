"use client";

import { parseAsBoolean, useQueryState } from "nuqs";
import { useEffect, useState } from "react";

/** Whether the page's "new" dialog is open. A link with `?new=true` opens it once: a reload does not open it again. */
export function useNewDialog(): [boolean, (open: boolean) => void] {
  const [asked, setAsked] = useQueryState("new", parseAsBoolean.withDefault(false));
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!asked) return;
    setOpen(true);
    void setAsked(null);
  }, [asked, setAsked]);
  return [open, setOpen];
}
