"use client";

import { useParams } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { testCredentialAction } from "./actions.ts";

/** Starts a test. The row shows its progress; a message appears only if it cannot be started. */
export function useCredentialTest(): (credential: { id: string }) => void {
  const { org } = useParams<{ org: string }>();
  const [, start] = useTransition();
  return ({ id }) =>
    start(async () => {
      const result = await testCredentialAction(org, { id }).catch(() => undefined);
      if (!result?.ok) toast.error(result?.message ?? "The server cannot be reached.");
    });
}
