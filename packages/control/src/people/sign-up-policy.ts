/** Who may found an organisation once there is one. The operator's setting. */
export type SignUpPolicy =
  | { mode: "closed" }
  | { mode: "open" }
  /** People with an address of one of these domains. Addresses are not verified. */
  | { mode: "domains"; domains: readonly string[] };

/** Reads `acme.com, acme.org`. Throws an Error that says which entry is no domain. */
export function parseDomains(text: string): string[] {
  const domains = text.split(",").flatMap((part) => part.trim().toLowerCase() || []);
  const wrong = domains.find((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain));
  if (wrong !== undefined) throw new Error(`expected domains such as acme.com, not ${JSON.stringify(wrong)}`);
  return domains;
}

/** `email` is lower-cased. */
export function mayFound(policy: SignUpPolicy, email: string): boolean {
  if (policy.mode === "domains") return policy.domains.includes(email.slice(email.lastIndexOf("@") + 1));
  return policy.mode === "open";
}
