"use client";

import { useState } from "react";
import { signUpAction } from "@/app/actions.ts";
import { Button } from "@/components/ui/button.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { signInWithPassword } from "@/lib/sign-in-with-password.ts";
import { useAction } from "@/lib/use-action.ts";

const EMPTY = { organisation: "", name: "", email: "", password: "" };

async function signUpAndIn(input: typeof EMPTY): Promise<ActionResult<null>> {
  const made = await signUpAction(input);
  return made.ok ? signInWithPassword({ email: input.email, password: input.password }) : made;
}

export function SignUpForm({ emailHint }: { emailHint?: string }) {
  const [form, setForm] = useState(EMPTY);
  const set = (part: Partial<typeof EMPTY>) => setForm({ ...form, ...part });
  const { run, pending, message, fields } = useAction(signUpAndIn, () => window.location.assign("/"));
  return (
    <form
      className="mt-4 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        run(form);
      }}
    >
      <TextField
        label="Organisation"
        autoComplete="organization"
        placeholder="Acme"
        autoFocus
        value={form.organisation}
        onChange={(organisation) => set({ organisation })}
        error={fields.organisation}
      />
      <TextField
        label="Your name"
        autoComplete="name"
        value={form.name}
        onChange={(name) => set({ name })}
        error={fields.name}
      />
      <TextField
        label="E-mail"
        type="email"
        hint={emailHint}
        autoComplete="username"
        value={form.email}
        onChange={(email) => set({ email })}
        error={fields.email}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters."
        value={form.password}
        onChange={(password) => set({ password })}
        error={fields.password}
      />
      <FormError message={Object.keys(fields).length > 0 ? undefined : message} />
      <Button type="submit" look="primary" pending={pending} className="w-full">
        Create organisation
      </Button>
    </form>
  );
}
