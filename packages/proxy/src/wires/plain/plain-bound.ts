import type { UsageBound } from "@tollgate/catalog/rates";
import type { Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf } from "../fields.ts";
import { TextTokens } from "../prompt-tokens.ts";
import type { Bounds, Path, Texts } from "../wire.ts";

const estimates = new WeakMap<object, number>();

const isImage = (_text: string, path: Path): boolean => path.at(-1) === "url" || path.at(-1) === "image_url";

/**
 * Bounds of an operation whose prompt is the request's texts. A text never has more tokens than bytes. `usage` gets the
 * upper bounds of the prompt's and the output's tokens.
 */
export function plainBound(
  texts: Texts,
  usage: (body: Fields, promptTokens: number, outputTokens: number) => UsageBound,
): Bounds {
  return {
    *measuring(body): Steps<void> {
      const tokens = new TextTokens(isImage);
      yield* texts.visiting(body, tokens.visit);
      estimates.set(body, tokens.tokens);
    },
    promptTokensMax: (_body, bodyBytes) => bodyBytes,
    hasDocument: () => false,
    promptTokensEstimate(body) {
      const known = estimates.get(body);
      if (known !== undefined) return known;
      const tokens = new TextTokens(isImage);
      texts.visit(body, tokens.visit);
      return tokens.tokens;
    },
    usage: (body, promptTokens, outputTokens) => usage(fieldsOf(body), promptTokens, outputTokens),
    unpricedField: () => null,
  };
}
