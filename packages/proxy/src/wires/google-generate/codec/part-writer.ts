import type {
  LanguageModelV4Citation,
  LanguageModelV4Content,
  LanguageModelV4Source,
  LanguageModelV4StreamPart,
  SharedV4ProviderMetadata,
} from "@ai-sdk/provider";
import { type CitedPage, citedPages, citedSource } from "../../cited-pages.ts";
import { type Searched, searchedIn } from "../../searched.ts";
import type { TextListener } from "../../text-delta.ts";
import { needsText, signatureFor } from "../signature.ts";
import { type AnswerPart, callPart, filePart } from "./answer-parts.ts";
import { groundingOf } from "./grounding.ts";

interface OpenCall {
  name: string;
  input: string;
  metadata: SharedV4ProviderMetadata | undefined;
}

/** Turns texts, thoughts, calls and files into parts, with what must come back in the next request. */
export class PartWriter {
  /** Bytes (UTF-8) of texts, thoughts, names and arguments so far. */
  bytes = 0;
  /** A file was written, which has no text. */
  hasFile = false;
  /** Pages that the answer cites, but not for which words. */
  readonly #sources: LanguageModelV4Source[] = [];
  readonly #pages: CitedPage[] = [];
  readonly #queries: string[] = [];
  /** All text so far, and where its last part begins: citations name places in it. */
  #text = "";
  #textStart = 0;
  readonly #showsThoughts: boolean;
  readonly #onText: TextListener | null;
  /** The signature of a thought that is not shown. The next part gets it. */
  #signature: string | undefined;
  /** Calls whose arguments are not complete. */
  readonly #calls = new Map<string, OpenCall>();
  readonly #done = new Set<string>();

  constructor(showsThoughts: boolean, onText: TextListener | null) {
    this.#showsThoughts = showsThoughts;
    this.#onText = onText;
  }

  startText(): void {
    this.#textStart = this.#text.length;
  }

  endText(citations: readonly LanguageModelV4Citation[] | undefined): void {
    this.#pages.push(...citedPages(this.#text.length - this.#textStart, citations, this.#textStart));
  }

  cite(source: LanguageModelV4Source): void {
    this.#sources.push(source);
  }

  searched({ queries }: Searched): void {
    this.#queries.push(...queries);
  }

  /** What was searched for and what the answer cites; null: nothing. */
  grounding(): object | null {
    const pages = this.#sources.flatMap((source) => citedSource(source, this.#text.length) ?? []);
    return groundingOf(this.#text, [...this.#pages, ...pages], this.#queries);
  }

  text(text: string): AnswerPart[] {
    if (text === "") return [];
    this.#count("text", text);
    this.#text += text;
    return [{ text, ...this.#held() }];
  }

  /** A thought, or a piece of it; the metadata is known with the last piece. */
  thought(text: string, metadata: SharedV4ProviderMetadata | undefined): AnswerPart[] {
    if (text !== "") this.#count("thought", text);
    const signature = signatureFor(metadata);
    if (this.#showsThoughts || needsText(metadata)) {
      if (text !== "")
        return [{ text, thought: true, ...(signature !== undefined && { thoughtSignature: signature }) }];
      if (needsText(metadata)) return [{ text: "", thought: true, ...(signature && { thoughtSignature: signature }) }];
    }
    this.#signature = signature ?? this.#signature;
    return [];
  }

  file(file: Parameters<typeof filePart>[0]): AnswerPart[] {
    const part = filePart(file);
    if (part) this.hasFile = true;
    return part ? [{ ...part, ...this.#held() }] : [];
  }

  startCall(id: string, name: string, metadata: SharedV4ProviderMetadata | undefined): void {
    this.#calls.set(id, { name, input: "", metadata });
    this.#count("functionCall.name", name);
  }

  addInput(id: string, delta: string): void {
    const call = this.#calls.get(id);
    if (!call) return;
    call.input += delta;
    this.#count("functionCall.args", delta);
  }

  /** A call that is complete. Clients get each call as one part. */
  call(call: Extract<LanguageModelV4Content, { type: "tool-call" }>): AnswerPart[] {
    if (this.#done.has(call.toolCallId)) return [];
    const open = this.#calls.get(call.toolCallId);
    this.#calls.delete(call.toolCallId);
    this.#done.add(call.toolCallId);
    if (!open) this.#count("functionCall.name", call.toolName);
    if (!open?.input) this.#count("functionCall.args", call.input);
    const input = call.input === "" ? (open?.input ?? "") : call.input;
    const providerMetadata = call.providerMetadata ?? open?.metadata;
    return [callPart({ ...call, input, providerMetadata }, this.#takeSignature())];
  }

  /** The calls that the provider did not complete, and a signature that no part has got. */
  end(): AnswerPart[] {
    const calls = [...this.#calls].flatMap(([toolCallId, { name, input, metadata }]) =>
      this.call({
        type: "tool-call",
        toolCallId,
        toolName: name,
        input,
        ...(metadata && { providerMetadata: metadata }),
      }),
    );
    const held = this.#held();
    return held.thoughtSignature === undefined ? calls : [...calls, { text: "", ...held }];
  }

  #takeSignature(): string | undefined {
    const signature = this.#signature;
    this.#signature = undefined;
    return signature;
  }

  #held(): { thoughtSignature?: string } {
    const signature = this.#takeSignature();
    return signature === undefined ? {} : { thoughtSignature: signature };
  }

  #count(field: string, text: string): void {
    if (text === "") return;
    this.bytes += Buffer.byteLength(text);
    this.#onText?.({ choice: 0, path: ["content", field], text });
  }
}

/** The parts for a part of a result that is complete by itself. */
export function partsFor(writer: PartWriter, part: LanguageModelV4Content | LanguageModelV4StreamPart): AnswerPart[] {
  switch (part.type) {
    case "text": {
      writer.startText();
      const parts = writer.text(part.text);
      writer.endText(part.citations);
      return parts;
    }
    case "reasoning":
      return writer.thought(part.text, part.providerMetadata);
    case "file":
      return writer.file(part);
    case "tool-call":
      // A tool that the provider ran itself is not one for the client.
      return part.providerExecuted ? [] : writer.call(part);
    case "source":
      writer.cite(part);
      return [];
    case "tool-result": {
      const searched = searchedIn(part);
      if (searched) writer.searched(searched);
      return [];
    }
    default:
      return [];
  }
}
