"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { TextField } from "@/components/ui/field.tsx";
import { FormError } from "@/components/ui/form-error.tsx";
import { signInWithPassword } from "@/lib/sign-in-with-password.ts";
import { useAction } from "@/lib/use-action.ts";

export function SignInForm({ next }: { next: string }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { run, pending, message } = useAction(signInWithPassword, () => window.location.assign(next));
  return (
    <form
      className="mt-4 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        run({ email, password });
      }}
    >
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={email}
        onChange={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={setPassword}
      />
      <FormError message={message} />
      <Button type="submit" look="primary" pending={pending} className="w-full">
        Sign in
      </Button>
    </form>
  );
}
