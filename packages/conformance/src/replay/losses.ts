import type { Meaning } from "../meaning/meaning.ts";

/** What a format has no field for. Only what stands here may be missing from a translated answer. */
interface Loss {
  surface: string;
  aspect: keyof Meaning | "usage.none" | "usage.cacheWrite" | "citations.supports" | "citations.title";
  reason: string;
}

const SURFACES = ["openai-chat", "openai-responses", "anthropic-messages", "google-generate"];
const TEXT_SIGNATURE = "a text has no signature; Google requires only those of calls back";

export const LOSSES: readonly Loss[] = [
  {
    surface: "google-generate",
    aspect: "usage.cacheWrite",
    reason: "usage has no field for tokens written to a cache",
  },
  { surface: "anthropic-messages", aspect: "usage.none", reason: "usage is required, so an unknown one is zero" },
  {
    surface: "anthropic-messages",
    aspect: "citations.supports",
    reason: "a citation belongs to a whole block, and what is streamed cannot be cut into blocks afterwards",
  },
  { surface: "openai-chat", aspect: "textSignatures", reason: TEXT_SIGNATURE },
  { surface: "openai-responses", aspect: "textSignatures", reason: TEXT_SIGNATURE },
  { surface: "anthropic-messages", aspect: "textSignatures", reason: TEXT_SIGNATURE },
  { surface: "anthropic-messages", aspect: "files", reason: "a message of the assistant has no images" },
  { surface: "openai-chat", aspect: "ownCalls", reason: "tools run by the provider are no calls of the client" },
  { surface: "openai-responses", aspect: "ownCalls", reason: "tools of another provider have other items" },
  { surface: "anthropic-messages", aspect: "ownCalls", reason: "tools of another provider have other blocks" },
  { surface: "google-generate", aspect: "ownCalls", reason: "tools run by the provider are no calls of the client" },
  ...SURFACES.map((surface) => ({
    ...{ surface, aspect: "ownCitations" as const },
    reason: "only clients of the provider's format can send the documents that are cited",
  })),
];

export const lossOf = (surface: string, aspect: Loss["aspect"]): string | undefined =>
  LOSSES.find((loss) => loss.surface === surface && loss.aspect === aspect)?.reason;
