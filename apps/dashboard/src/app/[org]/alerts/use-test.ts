"use client";

import type { Channel } from "@tollgate/control/channels/schemas";
import { useParams } from "next/navigation";
import { useTransition } from "react";
import { toast } from "sonner";
import { testChannelAction } from "./actions.ts";

/** Sends a test to a channel; how it ended comes with the history. */
export function useTest(): (channel: Channel) => void {
  const { org } = useParams<{ org: string }>();
  const [, start] = useTransition();
  return ({ id, name }) =>
    start(async () => {
      const result = await testChannelAction(org, { id }).catch(() => undefined);
      if (result?.ok)
        toast.success(`A test is on its way to ${name}`, { description: "The history says how it ended." });
      else toast.error(result?.message ?? "The server cannot be reached.");
    });
}
