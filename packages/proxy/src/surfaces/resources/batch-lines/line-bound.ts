import { OPERATIONS } from "@tollgate/catalog/operations";
import type { UsageBound } from "@tollgate/catalog/rates";
import { TollgateError } from "@tollgate/contracts/errors";
import { promptBound } from "../../../allowance/prompt-bound.ts";
import type { Asked } from "../../../wires/wire.ts";
import type { InferenceSurface } from "../../surface.ts";
import type { BatchTarget } from "./batch-target.ts";

interface Line extends BatchTarget {
  surface: InferenceSurface;
  asked: Asked;
  body: object;
  bytes: number;
}

interface LineBound {
  bound: UsageBound;
  /** The output limit that the line must carry, because the model's policy has a smaller one; null: its own. */
  clampedTokens: number | null;
}

/**
 * The most that one line of a batch can use. A line without an output limit can have as much as its model allows; the line of
 * a model without a known maximum must have a limit. Throws 400.
 */
export function lineBound({ surface, model, candidate, asked, body, bytes }: Line): LineBound {
  const { wire } = surface;
  const { isBounded } = OPERATIONS[wire.operation];
  const prompt = promptBound({ surface, asked, body }, [candidate], bytes);
  if (!isBounded) {
    const output = (asked.maxOutputTokens ?? 0) * asked.choices;
    return { bound: wire.bound.usage(body, prompt, output), clampedTokens: null };
  }
  const own = asked.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const clampedTokens = model.maxOutputTokens !== null && own > model.maxOutputTokens ? model.maxOutputTokens : null;
  const bounds = [asked.maxOutputTokens, model.maxOutputTokens, candidate.maxOutputTokens];
  const each = Math.min(...bounds.filter((bound) => bound !== null));
  if (!Number.isFinite(each)) {
    const message = "An output limit is required: the maximum of this model is not known.";
    throw new TollgateError("missing_required_parameter", message, { param: "max_tokens" });
  }
  return { bound: wire.bound.usage(body, prompt, each * asked.choices), clampedTokens };
}
