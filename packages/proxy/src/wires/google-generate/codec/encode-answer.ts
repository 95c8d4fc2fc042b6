import { randomUUID } from "node:crypto";
import type { Use } from "@tollgate/contracts/usage-event";
import type { AnswerNaming } from "../../codec.ts";
import { googleLogprobs, type TokenLogprob } from "../../logprobs.ts";
import type { AnswerPart } from "./answer-parts.ts";
import type { FinishReason } from "./finish-reason.ts";

export interface AnswerIdentity {
  modelVersion: string;
  responseId: string;
}

export const answerIdentity = (
  response: { id?: string; modelId?: string } | undefined,
  { upstreamModel }: AnswerNaming,
): AnswerIdentity => ({
  modelVersion: response?.modelId ?? upstreamModel,
  responseId: response?.id ?? randomUUID(),
});

interface Said {
  parts: readonly AnswerPart[];
  /** Null: more follows. */
  finishReason: FinishReason | null;
  /** What the answer cites; null: nothing. */
  grounding?: object | null;
  usage?: object | null;
  tokens?: readonly TokenLogprob[];
}

/** Builds a response, or one chunk of a stream. Clients expect at least one part. */
export function answerOf(
  identity: AnswerIdentity,
  { parts, finishReason, grounding = null, usage = null, tokens = [] }: Said,
) {
  const candidate = {
    content: { role: "model", parts: parts.length > 0 ? parts : [{ text: "" }] },
    ...(finishReason !== null && { finishReason }),
    index: 0,
    ...(grounding && { groundingMetadata: grounding }),
    ...googleLogprobs(tokens),
  };
  return { candidates: [candidate], ...(usage !== null && { usageMetadata: usage }), ...identity };
}

type Details = { modality: string; tokenCount: number }[];

function detailsOf(total: number, images: number, audio: number): Details | undefined {
  if (images + audio === 0) return undefined;
  const all = [
    { modality: "TEXT", tokenCount: Math.max(0, total - images - audio) },
    { modality: "IMAGE", tokenCount: images },
    { modality: "AUDIO", tokenCount: audio },
  ];
  return all.filter(({ tokenCount }) => tokenCount > 0);
}

/** Usage in Google's format: thoughts are not part of the candidates' tokens. */
export function encodeUsage(use: Use) {
  const reasoning = use.reasoning ?? 0;
  const candidates = Math.max(0, use.output - reasoning);
  return {
    promptTokenCount: use.input,
    candidatesTokenCount: candidates,
    totalTokenCount: use.input + use.output,
    ...(use.cacheRead && { cachedContentTokenCount: use.cacheRead }),
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
    promptTokensDetails: detailsOf(use.input, use.imageInput ?? 0, use.audioInput ?? 0),
    candidatesTokensDetails: detailsOf(candidates, use.imageOutput ?? 0, use.audioOutput ?? 0),
  };
}
