/** Reads `acme.com, acme.org`. Throws an Error that names the entry that is not a domain. */
export function parseDomains(text: string): string[] {
  const domains = text.split(",").flatMap((part) => part.trim().toLowerCase() || []);
  const wrong = domains.find((domain) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain));
  if (wrong !== undefined) throw new Error(`expected domains such as acme.com, not ${JSON.stringify(wrong)}`);
  return domains;
}
