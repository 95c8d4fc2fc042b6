export const MIB = 1024 * 1024;

/** A chat request for a model, about 1 MB long. */
type Shape = (model: string) => string;

const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join();

/** A field that Tollgate ignores and passes on. */
const metadata =
  (json: string): Shape =>
  (model) =>
    `{"model":"${model}","max_tokens":16,"messages":[{"role":"user","content":"Hi"}],"metadata":${json}}`;

const messages =
  (json: string): Shape =>
  (model) =>
    `{"model":"${model}","max_tokens":16,"messages":${json}}`;

/** A call that is not in the cache. */
export const smallCall: Shape = (model) =>
  `{"model":"${model}","max_tokens":16,"messages":[{"role":"user","content":"${performance.now()}"}]}`;

const content = (json: string): Shape => messages(`[{"role":"user","content":${json}}]`);

const tool =
  (parameters: string): Shape =>
  (model) =>
    `{"model":"${model}","max_tokens":16,"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":${parameters}}}]}`;

const ANSWER_BYTES = 8 * MIB;
const said = (content: string): string =>
  `{"choices":[{"index":0,"message":{"content":${content}},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`;

/** Provider answers that cost the most to read. */
export const ANSWERS: Readonly<Record<string, () => string>> = {
  "a long text": () => said(`"${"a text\\n".repeat(ANSWER_BYTES / 8)}"`),
  arrays: () => said(`[${many(ANSWER_BYTES / 3, () => "[]")}]`),
  "wide objects": () => said(`[${many(80, (o) => `{${many(4_900, (n) => `"k${o}_${n}":1`)}}`)}]`),
};

/** The shapes that cost the most to parse and read. Some are within the limits of a body, some beyond. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  "80,000 names": metadata(`{${many(80_000, (n) => `"k${n}":1`)}}`),
  "95,000 arrays": metadata(`[${many(95_000, () => "[]")}]`),
  "330,000 arrays": metadata(`[${many(330_000, () => "[]")}]`),
  "wide objects": metadata(`[${many(19, (o) => `{${many(4_900, (n) => `"k${o}_${n}":1`)}}`)}]`),
  "wide objects of one shape": metadata(`[${many(19, () => `{${many(4_900, (n) => `"k${n}":1`)}}`)}]`),
  "short texts": metadata(`[${many(90_000, () => '"a text"')}]`),
  "deep arrays": metadata(`[${many(1_500, () => `${"[".repeat(60)}${"]".repeat(60)}`)}]`),
  "line feeds": metadata(`"${"\\n".repeat(MIB / 2)}"`),
  "escaped letters": metadata(`"${"\\u00e9".repeat(MIB / 6)}"`),
  "escaped quotes": content(`"${'\\"'.repeat(MIB / 2)}"`),
  "a long text": content(`"${"a text ".repeat(MIB / 7)}"`),
  "deep numbers": metadata(`${"[".repeat(60)}${many(MIB / 4, () => "1e9")}${"]".repeat(60)}`),
  "white space": metadata(" ".repeat(MIB)),
  "33,000 messages": messages(`[${many(33_000, () => '{"role":"user","content":"a text"}')}]`),
  "30,000 parts": content(`[${many(30_000, () => '{"type":"text","text":"a text"}')}]`),
  "20,000 images": content(`[${many(20_000, () => '{"type":"image_url","image_url":{"url":"data:,a"}}')}]`),
  "a tool of 4,900 properties": tool(
    `{"properties":{${many(4_900, (n) => `"property_${n}":{"type":"string","description":"a text ${n}"}`)}}}`,
  ),
  "tools of 95,000 names": tool(`[${many(19, (o) => `{"properties":{${many(4_900, (n) => `"k${o}_${n}":1`)}}}`)}]`),
};
