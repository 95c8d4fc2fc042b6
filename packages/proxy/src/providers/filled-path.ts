import type { CredentialFields } from "./auth/signer.ts";

/** A place for a setting of the credential. The wires of Google and Anthropic fill the place of the model themselves. */
const SETTING = /\{(?!model\})\w+\}/;

/**
 * A path of the provider's row with the settings of a credential in it, and with the model if it has any such place. A model
 * cannot leave its place.
 */
export function filledPath(path: string, fields: CredentialFields, upstreamModel: string): string {
  if (!path.includes("{") || !SETTING.test(path)) return path;
  return path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(name === "model" ? upstreamModel : (fields[name as keyof CredentialFields] ?? "")),
  );
}
