import { signUpOffer } from "@tollgate/control/people/sign-up-offer";
import type { Metadata } from "next";
import Link from "next/link";
import { services } from "@/lib/services.ts";
import { SignUpForm } from "./sign-up-form.tsx";

export const metadata: Metadata = { title: "Create an organisation" };

const INTRODUCTION = {
  first: "You are the first user and become the owner. Add providers, models and people next.",
  open: "You become its owner. Providers, models and people come next.",
  domains: "You become its owner. Providers, models and people come next.",
};

export default async function SignUpPage() {
  const offer = await signUpOffer(services());
  const hint = offer.mode === "domains" ? `An address at ${offer.domains.join(" or ")}.` : undefined;
  return (
    <>
      <h1 className="font-semibold text-base">
        {offer.mode === "closed" ? "Sign-up is closed" : "Create an organisation"}
      </h1>
      {offer.mode === "closed" ? (
        <p className="mt-1 text-soft">
          An admin of your organisation can add you to it. The operator of this installation creates new organisations.
        </p>
      ) : (
        <>
          <p className="text-soft">{INTRODUCTION[offer.mode]}</p>
          <SignUpForm emailHint={hint} />
        </>
      )}
      <p className="mt-5 text-center text-soft">
        Have an account?{" "}
        <Link href="/sign-in" className="font-medium text-ink underline underline-offset-2">
          Sign in
        </Link>
      </p>
    </>
  );
}
