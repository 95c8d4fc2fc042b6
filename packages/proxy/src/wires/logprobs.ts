import type { JSONObject, LanguageModelV4Content, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type Fields, isFields, isNumber, isString } from "./fields.ts";

/** Of the most likely tokens at each place, OpenAI and Google give at most as many. */
export const TOP_LOGPROBS_MAX = 20;

/** A token of the answer with its log probability. */
export interface TokenLogprob {
  token: string;
  logprob: number;
  /** The most likely tokens at this place. */
  top: Omit<TokenLogprob, "top">[];
}

/** The AI SDK has no field for log probabilities, so they travel as a part of this kind, before the text that they belong to. */
const KIND = "tollgate.logprobs";

type LogprobsPart = Extract<LanguageModelV4Content, { type: "custom" }>;

/** `most`: of the most likely tokens at each place. */
export function logprobsPart(tokens: readonly TokenLogprob[], most: number): LogprobsPart[] {
  if (tokens.length === 0) return [];
  const cut = tokens.map(({ token, logprob, top }) => ({ token, logprob, top: top.slice(0, most) }));
  return [{ type: "custom", kind: KIND, providerMetadata: { tollgate: { tokens: cut } as unknown as JSONObject } }];
}

/** The log probabilities in these parts. */
export function logprobsIn(parts: readonly (LanguageModelV4Content | LanguageModelV4StreamPart)[]): TokenLogprob[] {
  return parts.flatMap((part) => {
    if (part.type !== "custom" || part.kind !== KIND) return [];
    return part.providerMetadata?.tollgate?.tokens as unknown as TokenLogprob[];
  });
}

const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

const tokenOf = ({ token, logprob }: Fields) => (isString(token) && isNumber(logprob) ? [{ token, logprob }] : []);

/** Reads the list of OpenAI's formats. */
export const openAiTokens = (list: unknown): TokenLogprob[] =>
  objects(list).flatMap((each) =>
    tokenOf(each).map((token) => ({ ...token, top: objects(each.top_logprobs).flatMap(tokenOf) })),
  );

const withBytes = ({ token, logprob }: Omit<TokenLogprob, "top">) => ({
  token,
  logprob,
  bytes: [...Buffer.from(token)],
});

/** Writes the list of OpenAI's formats. */
export const openAiLogprobs = (tokens: readonly TokenLogprob[]) =>
  tokens.map(({ top, ...token }) => ({ ...withBytes(token), top_logprobs: top.map(withBytes) }));

/** Reads `logprobsResult` of Google's format. */
export function googleTokens(result: unknown): TokenLogprob[] {
  if (!isFields(result)) return [];
  const top = objects(result.topCandidates).map(({ candidates }) => objects(candidates).flatMap(googleToken));
  return objects(result.chosenCandidates).flatMap((chosen, index) =>
    googleToken(chosen).map((token) => ({ ...token, top: top[index] ?? [] })),
  );
}

const googleToken = ({ token, logProbability: logprob }: Fields) => tokenOf({ token, logprob });

const asGoogle = ({ token, logprob }: Omit<TokenLogprob, "top">) => ({ token, logProbability: logprob });

/** Writes `logprobsResult` of Google's format, and the average. */
export const googleLogprobs = (tokens: readonly TokenLogprob[]): object =>
  tokens.length === 0
    ? {}
    : {
        avgLogprobs: tokens.reduce((sum, { logprob }) => sum + logprob, 0) / tokens.length,
        logprobsResult: {
          chosenCandidates: tokens.map(asGoogle),
          ...(tokens.some(({ top }) => top.length > 0) && {
            topCandidates: tokens.map(({ top }) => ({ candidates: top.map(asGoogle) })),
          }),
        },
      };
