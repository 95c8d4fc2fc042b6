export const user = (...content: object[]) => [{ role: "user", content }];

/** Surface, request with an id at one place, and how an error names the place. */
export const PLACES: [path: string, body: (id: string) => object, param: string][] = [
  [
    "/v1/chat/completions",
    (file_id) => ({ messages: user({ type: "text", text: "x" }, { type: "file", file: { file_id } }) }),
    "messages[0].content[1].file.file_id",
  ],
  [
    "/v1/chat/completions",
    (file_id) => ({ messages: user({ type: "file", file_id }) }),
    "messages[0].content[0].file_id",
  ],
  ["/v1/responses", (file_id) => ({ input: user({ type: "input_file", file_id }) }), "input[0].content[0].file_id"],
  ["/v1/responses", (file_id) => ({ input: user({ type: "input_image", file_id }) }), "input[0].content[0].file_id"],
  [
    "/v1/responses",
    (file_id) => ({
      input: [{ type: "function_call_output", call_id: "c", output: [{ type: "input_file", file_id }] }],
    }),
    "input[0].output[0].file_id",
  ],
  [
    "/v1/responses",
    (file_id) => ({
      input: [{ type: "computer_call_output", call_id: "c", output: { type: "computer_screenshot", file_id } }],
    }),
    "input[0].output.file_id",
  ],
  [
    "/v1/responses",
    (id) => ({ input: "x", tools: [{ type: "code_interpreter", container: { type: "auto", file_ids: [id] } }] }),
    "tools[0].container.file_ids[0]",
  ],
  [
    "/v1/responses",
    (id) => ({ input: "x", tools: [{ type: "shell", environment: { type: "container_auto", file_ids: [id] } }] }),
    "tools[0].environment.file_ids[0]",
  ],
  [
    "/v1/responses",
    (file_id) => ({ input: "x", tools: [{ type: "image_generation", input_image_mask: { file_id } }] }),
    "tools[0].input_image_mask.file_id",
  ],
  [
    "/v1/responses",
    (file_id) => ({ prompt: { id: "pmpt_1", variables: { doc: { type: "input_file", file_id } } } }),
    "prompt.variables.doc.file_id",
  ],
  ["/v1/images/edits", (file_id) => ({ prompt: "x", images: [{ file_id }] }), "images[0].file_id"],
];
