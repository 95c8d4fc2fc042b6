import { TollgateError } from "@tollgate/contracts/errors";
import type { Work } from "../verb.ts";

/**
 * A key's cost centre has precedence over those of its team and member, so developers cannot set it: they could avoid a limit. Throws
 * `forbidden` if `changes` is true for a developer.
 */
export function checkCostCentre({ reach }: Pick<Work<unknown>, "reach">, changes: boolean): void {
  if (changes && reach === "own")
    throw new TollgateError("forbidden", "A developer cannot set the cost centre of a key.");
}
