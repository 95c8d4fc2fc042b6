import { type Fields, isFields, isString } from "../fields.ts";
import { jsonName, listOf } from "./names.ts";
import { isForeign, metadataIn } from "./signature.ts";

/** Google's own value for a call whose signature is not known: models that require one accept it. */
const NO_SIGNATURE = "skip_thought_signature_validator";

/**
 * The contents without signatures of another provider, which answered earlier turns of the conversation: Google refuses
 * them. Its own signatures that travelled through another format are restored. The same value if there are none.
 */
export function withoutCarried(contents: unknown): unknown {
  if (!listOf(contents).some(hasForeign)) return contents;
  return listOf(contents).map((content) =>
    isFields(content) && hasForeign(content)
      ? { ...content, parts: listOf(content.parts).flatMap((part) => (isFields(part) ? ownPart(part) : [part])) }
      : content,
  );
}

function signatureName(part: Fields): string | undefined {
  if (isForeign(part.thoughtSignature)) return "thoughtSignature";
  return isForeign(part.thought_signature) ? "thought_signature" : undefined;
}

const hasForeign = (content: unknown): boolean =>
  isFields(content) && listOf(content.parts).some((part) => isFields(part) && signatureName(part) !== undefined);

function ownPart(part: Fields): Fields[] {
  const name = signatureName(part);
  if (name === undefined) return [part];
  const { [name]: signature, ...rest } = part;
  const own = metadataIn(signature)?.google?.thoughtSignature;
  if (isString(own)) return [{ ...rest, thoughtSignature: own }];
  if (rest.thought === true) return [];
  return [Object.keys(rest).some(isCall) ? { ...rest, thoughtSignature: NO_SIGNATURE } : rest];
}

const isCall = (name: string): boolean => jsonName(name) === "functionCall";
