"use client";

import { useParams } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import type { OrgAction } from "@/lib/use-action.ts";

interface Done {
  title: string;
  description?: string;
}

/** Calls an action without a form, and shows a message with the result. */
export function useRowAction<I, T>(action: OrgAction<I, T>, done: (data: T) => Done): (input: I) => void {
  const { org } = useParams<{ org: string }>();
  const [, start] = useTransition();
  return (input) =>
    start(async () => {
      const result = await action(org, input).catch(() => undefined);
      if (result?.ok) {
        const { title, ...rest } = done(result.data);
        toast.success(title, rest);
      } else toast.error(result?.message ?? "The server cannot be reached.");
    });
}
