"use client";

import { useParams } from "next/navigation";
import { useState, useTransition } from "react";
import type { ActionResult, Failure } from "@/lib/action-result.ts";

interface Running<I> {
  run: (input: I) => void;
  pending: boolean;
  /** Why the last attempt was refused. */
  message: string | undefined;
  fields: Record<string, string>;
  clear: () => void;
}

/** Calls an action and keeps its errors for the form. `onDone` gets the data after a success. */
export function useAction<I, T>(call: (input: I) => Promise<ActionResult<T>>, onDone: (data: T) => void): Running<I> {
  const [pending, start] = useTransition();
  const [failure, setFailure] = useState<Failure>();
  const run = (input: I) =>
    start(async () => {
      const result = await call(input).catch(
        (): Failure => ({ ok: false, message: "The server cannot be reached.", fields: {} }),
      );
      setFailure(result.ok ? undefined : result);
      if (result.ok) onDone(result.data);
    });
  return { run, pending, message: failure?.message, fields: failure?.fields ?? {}, clear: () => setFailure(undefined) };
}

export type OrgAction<I, T> = (slug: string, input: I) => Promise<ActionResult<T>>;

/** {@link useAction} in the organisation of the current URL. */
export function useOrgAction<I, T>(action: OrgAction<I, T>, onDone: (data: T) => void): Running<I> {
  const { org } = useParams<{ org: string }>();
  return useAction((input: I) => action(org, input), onDone);
}
