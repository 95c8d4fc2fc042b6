"use client";

import { signIn } from "next-auth/react";
import type { ActionResult } from "@/lib/action-result.ts";

/** Gets a session cookie from next-auth. The error message comes from control. */
export async function signInWithPassword(input: { email: string; password: string }): Promise<ActionResult<null>> {
  const answer = await signIn("password", { ...input, redirect: false });
  if (answer?.ok) return { ok: true, data: null };
  const message = !answer?.error || answer.error === "CredentialsSignin" ? "Wrong e-mail or password." : answer.error;
  return { ok: false, message, fields: {} };
}
