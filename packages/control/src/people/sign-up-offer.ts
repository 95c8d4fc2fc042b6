import type { Services } from "../context.ts";
import { installationIsEmpty } from "./installation-is-empty.ts";
import type { SignUpPolicy } from "./sign-up-policy.ts";

/** What the sign-up page offers. `first`: nobody has signed up yet, so the next person may, independently of the policy. */
export async function signUpOffer(services: Services): Promise<{ mode: "first" } | SignUpPolicy> {
  return (await installationIsEmpty(services)) ? { mode: "first" } : services.signUp;
}
