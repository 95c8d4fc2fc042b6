import type { Metadata } from "next";
import Link from "next/link";
import { SignUpForm } from "./sign-up-form.tsx";

export const metadata: Metadata = { title: "Create an organisation" };

export default function SignUpPage() {
  return (
    <>
      <h1 className="font-semibold text-base">Create an organisation</h1>
      <p className="text-soft">You become its owner. Providers, models and people come next.</p>
      <SignUpForm />
      <p className="mt-5 text-center text-soft">
        Have an account?{" "}
        <Link href="/sign-in" className="font-medium text-ink underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </>
  );
}
