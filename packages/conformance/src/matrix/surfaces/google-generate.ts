import { googleMeaning } from "../../meaning/google-generate.ts";
import { fields, list, text } from "../../meaning/json.ts";
import { type Surface, TOOL_SCHEMA } from "./surface.ts";

const SEARCH = { tools: [{ googleSearch: {} }] };

const CONFIG: Readonly<Record<string, object>> = {
  logprobs: { responseLogprobs: true, logprobs: 1 },
  answers: { candidateCount: 2 },
};

export const googleSurface: Surface = {
  id: "google-generate",
  read: googleMeaning,
  request: ({ model, stream, history, tools, schema, thinks, extra }) => ({
    path: `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    body: {
      contents: history,
      ...(tools && {
        tools: [{ functionDeclarations: tools.map((name) => ({ name, parametersJsonSchema: TOOL_SCHEMA })) }],
      }),
      generationConfig: {
        maxOutputTokens: 20_000,
        ...(schema && { responseMimeType: "application/json", responseJsonSchema: schema }),
        ...(thinks && { thinkingConfig: { includeThoughts: true, thinkingBudget: 4_000 } }),
        ...(typeof extra === "string" && CONFIG[extra]),
      },
      ...(extra === "search" && SEARCH),
    },
  }),
  extra: (given) => (given === "search" ? SEARCH : typeof given === "string" ? (CONFIG[given] ?? null) : null),
  user: (text, attachment) => ({
    role: "user",
    parts: [
      { text },
      ...(attachment ? [{ inlineData: { mimeType: attachment.mediaType, data: attachment.data } }] : []),
    ],
  }),
  marked: null,
  echo(answer) {
    const content = fields(list(answer.candidates)[0]?.content);
    const calls = list(content.parts).flatMap(({ functionCall }) =>
      functionCall ? [{ id: text(fields(functionCall).id), name: text(fields(functionCall).name) }] : [],
    );
    return { items: [content], calls };
  },
  results: (calls, result) => [
    {
      role: "user",
      parts: calls.map(({ id, name }) => ({ functionResponse: { ...(id && { id }), name, response: { result } } })),
    },
  ],
};
