import { anthropicCount } from "./anthropic-messages/anthropic-count.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { bedrockConverse } from "./bedrock-converse/bedrock-converse.ts";
import { bedrockEmbed } from "./bedrock-embed/bedrock-embed.ts";
import { bedrockRerank } from "./bedrock-rerank/bedrock-rerank.ts";
import { cohereChat } from "./cohere-chat/cohere-chat.ts";
import { cohereEmbed } from "./cohere-embed/cohere-embed.ts";
import { cohereRerank, cohereRerank1 } from "./cohere-rerank/cohere-rerank.ts";
import { deepgramSpeech } from "./deepgram-speech/deepgram-speech.ts";
import { deepgramTranscribe } from "./deepgram-transcribe/deepgram-transcribe.ts";
import { elevenLabsSpeech } from "./elevenlabs-speech/elevenlabs-speech.ts";
import { elevenLabsTranscribe } from "./elevenlabs-transcribe/elevenlabs-transcribe.ts";
import { googleEmbed, googleEmbedOne } from "./google-embed/google-embed.ts";
import { googlePredict } from "./google-embed/google-predict.ts";
import { googleCount } from "./google-generate/google-count.ts";
import { googleGenerate } from "./google-generate/google-generate.ts";
import { openAiChat } from "./openai-chat/openai-chat.ts";
import { openAiCompletion } from "./openai-completion/openai-completion.ts";
import { openAiEmbed } from "./openai-embed/openai-embed.ts";
import { openAiImage, openAiImageEdit } from "./openai-image/openai-image.ts";
import { openAiModerate } from "./openai-moderate/openai-moderate.ts";
import { openAiResponses } from "./openai-responses/openai-responses.ts";
import { openAiSpeech } from "./openai-speech/openai-speech.ts";
import { openAiTranscribe, openAiTranslate } from "./openai-transcribe/openai-transcribe.ts";
import type { Wire } from "./wire.ts";

/** One row for each wire. A surface has one wire. A provider row lists the ids of the wires it serves. */
export const WIRES = {
  "openai-chat": openAiChat,
  "openai-responses": openAiResponses,
  "anthropic-messages": anthropicMessages,
  "anthropic-count": anthropicCount,
  "google-generate": googleGenerate,
  "bedrock-converse": bedrockConverse,
  "cohere-chat": cohereChat,
  "google-count": googleCount,
  "openai-completion": openAiCompletion,
  "openai-embed": openAiEmbed,
  "cohere-embed": cohereEmbed,
  "google-embed": googleEmbed,
  "bedrock-embed": bedrockEmbed,
  "google-embed-one": googleEmbedOne,
  "openai-moderate": openAiModerate,
  "openai-image": openAiImage,
  "openai-image-edit": openAiImageEdit,
  "openai-speech": openAiSpeech,
  "elevenlabs-speech": elevenLabsSpeech,
  "deepgram-speech": deepgramSpeech,
  "openai-transcribe": openAiTranscribe,
  "openai-translate": openAiTranslate,
  "elevenlabs-transcribe": elevenLabsTranscribe,
  "deepgram-transcribe": deepgramTranscribe,
  "cohere-rerank": cohereRerank,
  "cohere-rerank-1": cohereRerank1,
  "bedrock-rerank": bedrockRerank,
  "google-predict": googlePredict,
} as const satisfies Readonly<Record<string, Wire>>;
