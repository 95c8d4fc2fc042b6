import type { LanguageModelV4Content, LanguageModelV4StreamPart } from "@ai-sdk/provider";

/** The annotation for a web page that the answer cites. Its place in the text is not known. Null: the part is no page. */
export const annotationOf = (part: LanguageModelV4Content | LanguageModelV4StreamPart) =>
  part.type === "source" && part.sourceType === "url"
    ? {
        type: "url_citation",
        url_citation: { url: part.url, title: part.title ?? part.url, start_index: 0, end_index: 0 },
      }
    : null;
