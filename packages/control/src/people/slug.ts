import { randomBytes } from "node:crypto";

/** First parts of the dashboard's own paths. An organisation with such a slug would not be reachable. */
const TAKEN = new Set(
  "account admin api auth docs health login logout new settings sign-in sign-out sign-up static".split(" "),
);

/** The organisation's part of URLs: a–z, 0–9 and single hyphens, 2–40 characters. */
function slugOf(name: string): string {
  const ascii = name.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
  const slug = ascii
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return slug.length < 2 ? "team" : slug;
}

/** Candidates in order: the name, then the name with random characters. */
export function slugCandidates(name: string): string[] {
  const slug = slugOf(name);
  const others = Array.from({ length: 4 }, () => `${slug}-${randomBytes(3).toString("hex")}`);
  return TAKEN.has(slug) ? others : [slug, ...others];
}
