import { withTextChanges } from "../../wires/field-differences.ts";
import type { AdapterCall } from "../adapter.ts";

/** Gets names of fields of the provider's format. */
export type OnLeftOut = (names: readonly string[]) => void;

/** The request of a provider package without what the provider was found to refuse. */
export function withoutRefused(
  { wire, serving, upstreamModel }: AdapterCall,
  body: string,
  onLeftOut: OnLeftOut,
): string {
  // The bridge of OpenAI's chat format does it itself, for all differences.
  if (!serving.hasLearnt || wire.bridge?.leavesOut) return body;
  const changed = withTextChanges(body, serving, upstreamModel);
  onLeftOut(changed.left);
  return changed.body;
}
