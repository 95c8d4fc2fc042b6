"use client";

import { signUpAction } from "@/app/actions.ts";
import { TextField } from "@/components/ui/field.tsx";
import type { ActionResult } from "@/lib/action-result.ts";
import { signInWithPassword } from "@/lib/sign-in-with-password.ts";
import { useForm } from "@/lib/use-form.ts";
import { AuthForm } from "../auth-form.tsx";

const EMPTY = { organisation: "", name: "", email: "", password: "" };

async function signUpAndIn(input: typeof EMPTY): Promise<ActionResult<null>> {
  const made = await signUpAction(input);
  return made.ok ? signInWithPassword({ email: input.email, password: input.password }) : made;
}

export function SignUpForm({ emailHint }: { emailHint?: string }) {
  const { field, frame } = useForm({
    start: EMPTY,
    action: signUpAndIn,
    input: (form) => form,
    onDone: () => window.location.assign("/"),
  });
  return (
    <AuthForm {...frame} submit="Create organisation">
      <TextField
        label="Organisation"
        autoComplete="organization"
        placeholder="Acme"
        autoFocus
        {...field("organisation")}
      />
      <TextField label="Your name" autoComplete="name" {...field("name")} />
      <TextField label="E-mail" type="email" hint={emailHint} autoComplete="username" {...field("email")} />
      <TextField
        label="Password"
        type="password"
        autoComplete="new-password"
        hint="At least 10 characters."
        {...field("password")}
      />
    </AuthForm>
  );
}
