"use client";

import { TextField } from "@/components/ui/field.tsx";
import { signInWithPassword } from "@/lib/sign-in-with-password.ts";
import { useForm } from "@/lib/use-form.ts";
import { AuthForm } from "../auth-form.tsx";

export function SignInForm({ next }: { next: string }) {
  const { field, frame } = useForm({
    start: { email: "", password: "" },
    action: signInWithPassword,
    input: (form) => form,
    onDone: () => window.location.assign(next),
  });
  return (
    <AuthForm {...frame} submit="Sign in">
      <TextField label="E-mail" type="email" autoComplete="username" required autoFocus {...field("email")} />
      <TextField label="Password" type="password" autoComplete="current-password" required {...field("password")} />
    </AuthForm>
  );
}
