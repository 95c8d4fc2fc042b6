/** What a stream says of its cost was true of its first caller alone. */
export const forRepeats = (body: Buffer): Buffer =>
  body.includes('"cost_usd":') ? Buffer.from(body.toString().replace(/"cost_usd":[0-9.]+/, '"cost_usd":0')) : body;
