import { type Content, GoogleGenAI } from "@google/genai";
import { type Client, type Place, PROMPT, RESULT, WEATHER } from "./client.ts";

const open = ({ origin, key }: Place) => new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: origin } }).models;

export const google: Client = {
  id: "@google/genai",
  text: async (place) => (await open(place).generateContent({ model: place.model, contents: PROMPT })).text ?? "",
  async stream(place) {
    let text = "";
    const chunks = await open(place).generateContentStream({ model: place.model, contents: PROMPT });
    for await (const chunk of chunks) text += chunk.text ?? "";
    return text;
  },
  async tool(place) {
    const models = open(place);
    const contents: Content[] = [{ role: "user", parts: [{ text: PROMPT }] }];
    const tools = [{ functionDeclarations: [{ name: "weather", parametersJsonSchema: WEATHER }] }];
    const given = { model: place.model, contents, config: { tools } };
    const first = await models.generateContent(given);
    const [call] = first.functionCalls ?? [];
    const said = first.candidates?.[0]?.content;
    if (!call || !said) throw new Error("there is no call");
    const functionResponse = { ...(call.id && { id: call.id }), name: "weather", response: { output: RESULT } };
    contents.push(said, { role: "user", parts: [{ functionResponse }] });
    return { input: call.args, text: (await models.generateContent(given)).text ?? "" };
  },
};
