export interface SnippetInput {
  /** Origin of the proxy, without a path. */
  proxyUrl: string;
  secret: string;
  model: string;
}

export interface Snippet {
  id: string;
  label: string;
  code: (input: SnippetInput) => string;
}

const curl = ({ proxyUrl, secret, model }: SnippetInput): string => `curl ${proxyUrl}/v1/chat/completions \\
  -H "Authorization: Bearer ${secret}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;

const python = ({ proxyUrl, secret, model }: SnippetInput): string => `# pip install openai
from openai import OpenAI

client = OpenAI(base_url="${proxyUrl}/v1", api_key="${secret}")

answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`;

const typescript = ({ proxyUrl, secret, model }: SnippetInput): string => `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${proxyUrl}/v1", apiKey: "${secret}" });

const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
});
console.log(answer.choices[0]?.message.content);`;

const vercel = ({ proxyUrl, secret, model }: SnippetInput): string => `// npm install ai @ai-sdk/openai-compatible
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText } from "ai";

const tollgate = createOpenAICompatible({
  name: "tollgate",
  baseURL: "${proxyUrl}/v1",
  apiKey: "${secret}",
});

const { text } = await generateText({ model: tollgate("${model}"), prompt: "Hello" });
console.log(text);`;

const langchain = ({ proxyUrl, secret, model }: SnippetInput): string => `# pip install langchain-openai
from langchain_openai import ChatOpenAI

chat = ChatOpenAI(
    base_url="${proxyUrl}/v1",
    api_key="${secret}",
    model="${model}",
)
print(chat.invoke("Hello").content)`;

/** The first call for each client, complete with key and URL. */
export const SNIPPETS: readonly Snippet[] = [
  { id: "curl", label: "curl", code: curl },
  { id: "python", label: "OpenAI Python", code: python },
  { id: "typescript", label: "OpenAI TypeScript", code: typescript },
  { id: "vercel", label: "Vercel AI SDK", code: vercel },
  { id: "langchain", label: "LangChain", code: langchain },
];
