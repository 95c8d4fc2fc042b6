"use client";

import { useParams } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import type { ActionResult } from "@/lib/action-result.ts";
import { type OrgAction, useAction } from "@/lib/use-action.ts";

interface Options<F, I, T> {
  start: F | (() => F);
  action: (input: I) => Promise<ActionResult<T>>;
  /** The input of the action. Invalid text is sent unchanged: the server returns the error. */
  input: (form: F) => I;
  /** The title of the message after a success, and the text under it. */
  done?: (data: T) => string;
  note?: string;
  onDone?: (data: T) => void;
}

/** Props that a form passes to a field. */
export interface FieldState<V> {
  value: V;
  onChange: (value: V) => void;
  error: string | undefined;
}

export interface Form<F> {
  form: F;
  set: (part: Partial<F>) => void;
  field: <K extends keyof F & string>(name: K) => FieldState<F[K]>;
  /** Why the server refused a field, or an entry of it (`targets.0.weight`). */
  errorOf: (name: string) => string | undefined;
  /** For the dialog or card around the fields. */
  frame: { pending: boolean; message: string | undefined; onSubmit: () => void };
}

/** The state of a form whose submit calls an action. */
export function useForm<F extends object, I, T>({ start, action, input, ...after }: Options<F, I, T>): Form<F> {
  const [form, setForm] = useState(start);
  const { run, pending, message, fields } = useAction(action, (data) => {
    if (after.done) toast.success(after.done(data), after.note ? { description: after.note } : {});
    after.onDone?.(data);
  });
  const set = (part: Partial<F>) => setForm((known) => ({ ...known, ...part }));
  const errorOf = (name: string) =>
    fields[name] ?? Object.entries(fields).find(([path]) => path.startsWith(`${name}.`))?.[1];
  return {
    form,
    set,
    field: (name) => ({
      value: form[name],
      onChange: (value) => set({ [name]: value } as unknown as Partial<F>),
      error: errorOf(name),
    }),
    errorOf,
    frame: { pending, message, onSubmit: () => run(input(form)) },
  };
}

type OrgOptions<F, I, T> = Omit<Options<F, I, T>, "action"> & { action: OrgAction<I, T> };

/** {@link useForm} in the organisation of the current URL. */
export function useOrgForm<F extends object, I, T>({ action, ...options }: OrgOptions<F, I, T>): Form<F> {
  const { org } = useParams<{ org: string }>();
  return useForm({ ...options, action: (input) => action(org, input) });
}
