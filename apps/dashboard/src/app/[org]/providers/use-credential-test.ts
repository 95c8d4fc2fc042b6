"use client";

import { useParams } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { testCredentialAction } from "./actions.ts";

/** Starts a test. Its row shows how it goes; a message tells only why it could not be started. */
export function useCredentialTest(): (credential: { id: string }) => void {
  const { org } = useParams<{ org: string }>();
  const [, start] = useTransition();
  return ({ id }) =>
    start(async () => {
      const result = await testCredentialAction(org, { id }).catch(() => undefined);
      if (!result?.ok) toast.error(result?.message ?? "The server cannot be reached.");
    });
}
