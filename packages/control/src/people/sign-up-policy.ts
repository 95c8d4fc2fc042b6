/** Who may create an organisation after the first one. The operator sets it. */
export type SignUpPolicy =
  | { mode: "closed" }
  | { mode: "open" }
  /** People with an address of one of these domains. Addresses are not verified. */
  | { mode: "domains"; domains: readonly string[] };

/** `email` is lower-cased. */
export function mayCreateOrganisation(policy: SignUpPolicy, email: string): boolean {
  if (policy.mode === "domains") return policy.domains.includes(email.slice(email.lastIndexOf("@") + 1));
  return policy.mode === "open";
}
