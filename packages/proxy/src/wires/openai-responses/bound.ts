import type { Steps } from "../../body/steps.ts";
import { isFields } from "../fields.ts";
import type { PromptMedia } from "../media/medium.ts";
import { MediaCollector, type MediumKind, withMedia } from "../media/prompt-media.ts";
import { IMAGE_TOKENS_MAX, SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Bounds, Path } from "../wire.ts";
import { factsOf, type PartFacts, readingFacts } from "./parts.ts";
import { responsesTexts } from "./texts.ts";

type Body = Readonly<Record<string, unknown>>;

/** Results of `measuring` for a large body. */
interface Measure {
  media: PromptMedia;
  estimate: number;
  facts: PartFacts;
}

const measures = new WeakMap<object, Measure>();

const isImage = (_text: string, path: Path): boolean => path.at(-1) === "image_url";

/** A data URL of text. A PDF that is named text is none. */
const PLAIN_TEXT = /^data:text\/(?![^,]{0,100},JVBER)/i;

function kindOf(text: string, path: Path, isData: boolean): MediumKind | null {
  const field = path.at(-1);
  if (field === "image_url") return "image";
  if (!isData || PLAIN_TEXT.test(text)) return null;
  if (field === "file_data") return "file";
  return path.at(-2) === "input_audio" ? "audio" : null;
}

const factsFor = (body: object): PartFacts => measures.get(body)?.facts ?? factsOf(body as Body);

/** The provider charges for each use of these tools, besides tokens, and the price is not known here. */
const UNPRICED_TOOLS = new Set<unknown>(["file_search", "code_interpreter", "image_generation", "collections_search"]);
/** Containers that the provider runs are charged by time. */
const inContainer = ({ type, environment }: Body): boolean =>
  type === "shell" && !(isFields(environment) && environment.type === "local");

const isSearch = (type: unknown): boolean => typeof type === "string" && /^(?:web|x)_search/.test(type);

/** A client may allow more searches than are assumed. */
const searchesMax = ({ max_tool_calls: calls }: Body): number =>
  Number.isSafeInteger(calls) ? Math.max(SEARCHES_MAX, Number(calls)) : SEARCHES_MAX;

const listed = ({ tools }: Body): Body[] => (Array.isArray(tools) ? tools.filter(isFields) : []);

/** The tools, also those within a namespace. */
const toolsOf = (body: Body): Body[] => listed(body).flatMap((tool) => [tool, ...listed(tool)]);

function* measuring(body: object): Steps<void> {
  const collector = new MediaCollector(kindOf);
  const texts = new TextTokens(isImage);
  yield* responsesTexts.visiting(body, (...text) => {
    collector.visit(text[0], text[1], text[2]);
    texts.visit(...text);
  });
  const media = yield* collector.measuring();
  measures.set(body, { media, estimate: texts.tokens, facts: yield* readingFacts(body as Body) });
}

function media(body: object): PromptMedia {
  const known = measures.get(body);
  if (known) return known.media;
  const collector = new MediaCollector(kindOf);
  responsesTexts.visit(body, collector.visit);
  return collector.measured();
}

/** Upper bounds and estimates of what a call uses. */
export const responsesBounds: Bounds = {
  measuring,
  promptTokensMax(body, bodyBytes, upstreamModel) {
    const byId = factsFor(body).imagesById * IMAGE_TOKENS_MAX;
    const preamble = Array.isArray((body as Body).tools) ? TOOL_PREAMBLE_TOKENS : 0;
    return withMedia(media(body), bodyBytes + preamble + byId, upstreamModel);
  },
  hasDocument: (body) => factsFor(body).isOpen,
  promptTokensEstimate(body) {
    const known = measures.get(body);
    if (known) return known.estimate;
    const texts = new TextTokens(isImage);
    responsesTexts.visit(body, texts.visit);
    return texts.tokens;
  },
  usage(body, promptTokens, outputTokens) {
    const { hasAudio, hasImages, isOpen } = factsFor(body);
    return {
      input: promptTokens,
      output: outputTokens,
      cacheWrite1h: 0,
      audioInput: hasAudio || isOpen ? undefined : 0,
      imageInput: hasImages || isOpen ? undefined : 0,
      audioOutput: 0,
      searches: toolsOf(body as Body).some(({ type }) => isSearch(type)) ? searchesMax(body as Body) : 0,
    };
  },
  unpricedField(given) {
    const body = given as Body;
    return toolsOf(body).some((tool) => UNPRICED_TOOLS.has(tool.type) || inContainer(tool)) ? "tools" : null;
  },
};
