import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "undici";

/** A call with a complete answer: its id at Tollgate and at the provider. */
export interface Answered {
  requestId: string;
  completionId: string;
}

interface Load {
  origin: string;
  key: string;
  model: string;
  count: number;
  concurrency: number;
  /** Called after each answer, in order, and awaited before the next call. */
  onAnswer(answered: number): Promise<void> | void;
}

/** Pause of a client while its proxy is down, in milliseconds. */
const RETRY_MS = 20;

/** Makes calls until `count` have a complete answer. A call that fails is not counted and made again. */
export async function answeredCalls({ origin, key, model, count, concurrency, onAnswer }: Load): Promise<Answered[]> {
  const pool = new Pool(origin, { connections: concurrency });
  const answered: Answered[] = [];
  const headers = { "content-type": "application/json", authorization: `Bearer ${key}` };
  let begun = 0;

  async function attempt(number: number): Promise<Answered> {
    const body = JSON.stringify({ model, messages: [{ role: "user", content: `call ${number}` }] });
    const response = await pool.request({ path: "/v1/chat/completions", method: "POST", headers, body });
    const text = await response.body.text();
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text}`);
    const { id } = JSON.parse(text) as { id: string };
    return { requestId: String(response.headers["x-tollgate-request-id"]), completionId: id };
  }

  async function client(): Promise<void> {
    while (begun < count) {
      const number = begun++;
      for (;;) {
        const answer = await attempt(number).catch(() => undefined);
        if (!answer) {
          await pause(RETRY_MS);
          continue;
        }
        answered.push(answer);
        await onAnswer(answered.length);
        break;
      }
    }
  }

  await Promise.all(Array.from({ length: concurrency }, client));
  await pool.close();
  return answered;
}
