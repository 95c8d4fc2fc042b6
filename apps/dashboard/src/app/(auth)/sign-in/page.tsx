import { signUpOffer } from "@tollgate/control/people/sign-up-offer";
import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { returnPath } from "@/lib/return-path.ts";
import { services } from "@/lib/services.ts";
import { currentSession } from "@/lib/session.ts";
import { SignInForm } from "./sign-in-form.tsx";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  searchParams: Promise<{ next?: string | string[] }>;
}

export default async function SignInPage({ searchParams }: Props) {
  const next = returnPath((await searchParams).next);
  if (await currentSession()) redirect(next);
  const { mode } = await signUpOffer(services());
  return (
    <>
      <h1 className="font-semibold text-base">Sign in</h1>
      <SignInForm next={next} />
      {mode === "closed" ? null : (
        <p className="mt-5 text-center text-soft">
          New here?{" "}
          <Link href="/sign-up" className="font-medium text-ink underline underline-offset-2">
            Create an organisation
          </Link>
        </p>
      )}
    </>
  );
}
