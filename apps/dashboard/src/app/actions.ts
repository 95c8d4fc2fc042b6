"use server";

import { createOrganisation } from "@tollgate/control/people/create-organisation";
import type { CreateOrganisation, SignUp } from "@tollgate/control/people/schemas";
import { signUp } from "@tollgate/control/people/sign-up";
import { redirect } from "next/navigation";
import { failureFrom, refuseForeignOrigin } from "@/lib/action.ts";
import type { ActionResult } from "@/lib/action-result.ts";
import { clientAddress } from "@/lib/client-address.ts";
import { services } from "@/lib/services.ts";
import { currentSessionId } from "@/lib/session.ts";

/** Creates the account and its first organisation. Does not reveal an existing account: the next step is always to sign in. */
export async function signUpAction(input: SignUp): Promise<ActionResult<null>> {
  try {
    await refuseForeignOrigin();
    await signUp(services(), input, await clientAddress());
    return { ok: true, data: null };
  } catch (error) {
    return failureFrom(error);
  }
}

export async function createOrganisationAction(input: CreateOrganisation): Promise<ActionResult<{ slug: string }>> {
  const sessionId = await currentSessionId();
  if (!sessionId) redirect("/sign-in");
  try {
    await refuseForeignOrigin();
    const { slug } = await createOrganisation(services(), sessionId, input, await clientAddress());
    return { ok: true, data: { slug } };
  } catch (error) {
    return failureFrom(error);
  }
}
