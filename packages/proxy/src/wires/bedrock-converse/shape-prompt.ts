import { createHash } from "node:crypto";
import type { LanguageModelV4Message, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { signedFor } from "../claude-signature.ts";
import { withLeadingSystem } from "../leading-system.ts";
import { mayBeClaude } from "./model-family.ts";
import { NAMESPACE } from "./namespace.ts";

type Content = Exclude<LanguageModelV4Message, { role: "system" }>["content"];
type Part = Content[number];

/** What Converse takes as the id of a call. Ids of other providers may be longer. */
const CALL_ID = /^[\w.:-]{1,64}$/;

/** The prompt as Converse takes it: no blank texts, ids of a certain form, and each document with its own name. */
export function shapePrompt(prompt: LanguageModelV4Prompt, model: string): LanguageModelV4Prompt {
  const names = new Map<string, number>();
  const shaped = (part: Part): Part[] => {
    if (part.type === "text" && part.text.trim() === "") return [];
    if (part.type === "file" && part.filename !== undefined)
      return [{ ...part, filename: unique(part.filename, names) }];
    if (part.type === "reasoning" && mayBeClaude(model)) return [signedFor(part, NAMESPACE)];
    if ((part.type === "tool-call" || part.type === "tool-result") && !CALL_ID.test(part.toolCallId)) {
      return [{ ...part, toolCallId: shortId(part.toolCallId) }];
    }
    return [part];
  };
  return withLeadingSystem(prompt).flatMap((message): LanguageModelV4Message[] => {
    if (message.role === "system") return message.content.trim() === "" ? [] : [message];
    const content = (message.content as Part[]).flatMap(shaped);
    return content.length === 0 ? [] : [{ ...message, content } as LanguageModelV4Message];
  });
}

/** Converse refuses two documents with one name. Their names are compared without the endings. */
function unique(filename: string, names: Map<string, number>): string {
  const [, stem = filename, ending = ""] = /^(.+?)(\.[^.]*)?$/s.exec(filename) ?? [];
  let count = names.get(stem) ?? 1;
  let name = stem;
  for (; names.has(name); count++) name = `${stem} (${count + 1})`;
  names.set(stem, count);
  if (name !== stem) names.set(name, 1);
  return name + ending;
}

const shortId = (id: string): string => `call_${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;
