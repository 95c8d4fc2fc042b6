interface Worded {
  error: { code?: string; message?: string };
}

const frame = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** The last events of a stream that failed, as OpenAI sends them: `error`, then `response.failed`. */
export function errorFrames(body: string): string {
  const { error } = JSON.parse(body) as Worded;
  const response = {
    ...{ id: "", object: "response", created_at: 0, status: "failed", model: "", output: [] },
    ...{ error: { code: error.code, message: error.message }, incomplete_details: null, usage: null },
  };
  return frame("error", { sequence_number: 0, error }) + frame("response.failed", { sequence_number: 1, response });
}
