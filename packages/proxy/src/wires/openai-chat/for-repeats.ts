/** Sets `cost_usd` to 0 in a cached stream: only the first client paid for it. */
export const forRepeats = (body: Buffer): Buffer =>
  body.includes('"cost_usd":') ? Buffer.from(body.toString().replace(/"cost_usd":[0-9.]+/, '"cost_usd":0')) : body;
