import type { LanguageModelV4File, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { isFields, isString } from "../../fields.ts";
import { signatureFor, UNSIGNED_CALL } from "../signature.ts";

/** A part of an answer. */
export interface AnswerPart {
  text?: string;
  thought?: true;
  thoughtSignature?: string;
  functionCall?: { id: string; name: string; args: object };
  inlineData?: { mimeType: string; data: string };
}

interface Called {
  toolCallId: string;
  toolName: string;
  /** JSON. */
  input: string;
  providerMetadata?: SharedV4ProviderMetadata | undefined;
}

/** A call of one of the client's functions. `signature`: that of a thought before it, which is not shown. */
export const callPart = (
  { toolCallId: id, toolName: name, input, providerMetadata }: Called,
  signature: string | undefined,
): AnswerPart => ({
  functionCall: { id, name, args: argsOf(input) },
  thoughtSignature: signature ?? signatureFor(providerMetadata) ?? UNSIGNED_CALL,
});

/** The arguments as an object. Models write invalid JSON at times; then the text is kept. */
function argsOf(input: string): object {
  if (input.trim() === "") return {};
  try {
    const args: unknown = JSON.parse(input);
    if (isFields(args)) return args;
  } catch {
    // Falls through to the text itself.
  }
  return { arguments: input };
}

/** A file that the model made. Null: only its address is known. */
export function filePart({ mediaType, data }: Pick<LanguageModelV4File, "mediaType" | "data">): AnswerPart | null {
  if (data.type !== "data") return null;
  const base64 = isString(data.data) ? data.data : Buffer.from(data.data).toString("base64");
  return { inlineData: { mimeType: mediaType, data: base64 } };
}
