import { type MorePaths, type StoringProvider, startStoringProvider } from "@tollgate/testkit/storing-provider";
import OpenAI from "openai";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

export interface FilesSetup extends Setup {
  provider: StoringProvider;
  openai: OpenAI;
}

/** A gateway with the model `small` at an OpenAI that stores files, and OpenAI's client in front of it. */
export async function openFilesSetup({ org, ...options }: SetupOptions = {}, more?: MorePaths): Promise<FilesSetup> {
  const provider = await startStoringProvider(more);
  const main = credential(`${provider.url}/v1`);
  const setup = await openSetup({
    ...options,
    org: { credentials: [main], models: [model([target(main.id)])], ...org },
  });
  const { close } = setup;
  return Object.assign(setup, {
    provider,
    openai: new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 }),
    close: async () => {
      await close();
      await provider.close();
    },
  });
}

/** A line of a batch's input. */
export const line = (given: object = {}, body: object = {}): string =>
  JSON.stringify({
    custom_id: "a",
    method: "POST",
    url: "/v1/chat/completions",
    ...given,
    body: { model: "small", max_tokens: 100, messages: [{ role: "user", content: "Hello" }], ...body },
  });

export const jsonl = (...lines: string[]): File => new File([lines.join("\n")], "input.jsonl");
