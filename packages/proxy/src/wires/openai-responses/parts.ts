import { Pace, type Steps } from "../../body/steps.ts";
import { isFields } from "../fields.ts";

type Body = Readonly<Record<string, unknown>>;

/** Facts about a request that follow from its items, content parts and tools. */
export interface PartFacts {
  /** Tokens cannot be bounded by bytes: a file, a stored item, or what a hosted tool adds. */
  isOpen: boolean;
  hasAudio: boolean;
  /** Images, or documents: providers may turn their pages into images. */
  hasImages: boolean;
  /** Images that the request names by the id of a file. */
  imagesById: number;
}

/** Data whose tokens are bounded by what it is: its text, its size, its seconds or its pages. */
const PLAIN_DATA = /^data:(?:text|image|audio)\/|^data:application\/pdf;/i;
/** Tools that the client runs, so the provider adds nothing to the prompt. */
const CLIENT_TOOLS = new Set<unknown>(["function", "custom", "namespace", "local_shell", "apply_patch"]);

function notePart(facts: PartFacts, part: unknown): void {
  if (!isFields(part)) return;
  switch (part.type) {
    case "input_image":
    case "computer_screenshot":
      facts.hasImages = true;
      if (typeof part.image_url !== "string") facts.imagesById += 1;
      else if (part.image_url.startsWith("data:") && !PLAIN_DATA.test(part.image_url)) facts.isOpen = true;
      break;
    case "input_file":
      facts.hasImages = true;
      if (!(typeof part.file_data === "string" && PLAIN_DATA.test(part.file_data))) facts.isOpen = true;
      break;
    case "input_audio":
      facts.hasAudio = true;
      break;
    default:
      if (part.type === "input_video") facts.isOpen = true;
  }
}

function noteItem(facts: PartFacts, item: unknown): unknown {
  if (!isFields(item)) return null;
  if (item.type === "item_reference" || item.type === "compaction") facts.isOpen = true;
  if (isFields(item.output)) notePart(facts, item.output);
  return item.content ?? item.output;
}

/** Whether the provider runs a tool, or adds stored items or instructions to the prompt. */
const isOpen = ({ tools, prompt, previous_response_id: previous }: Body): boolean =>
  isFields(prompt) ||
  typeof previous === "string" ||
  (Array.isArray(tools) && tools.some((tool: unknown) => isFields(tool) && !CLIENT_TOOLS.has(tool.type)));

const noFacts = (body: Body): PartFacts => ({
  isOpen: isOpen(body),
  hasAudio: false,
  hasImages: false,
  imagesById: 0,
});

export function factsOf(body: Body): PartFacts {
  const facts = noFacts(body);
  for (const item of Array.isArray(body.input) ? body.input : []) {
    const parts = noteItem(facts, item);
    if (Array.isArray(parts)) for (const part of parts) notePart(facts, part);
  }
  return facts;
}

/** `factsOf` in steps, for a large body. */
export function* readingFacts(body: Body): Steps<PartFacts> {
  const facts = noFacts(body);
  const pace = new Pace();
  for (const item of Array.isArray(body.input) ? body.input : []) {
    const parts = noteItem(facts, item);
    for (const part of Array.isArray(parts) ? parts : []) {
      notePart(facts, part);
      if (pace.passes(part)) yield;
    }
    if (pace.passes(null)) yield;
  }
  return facts;
}
