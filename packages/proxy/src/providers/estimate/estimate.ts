import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import { NOTHING_YET } from "../../wires/answer-report.ts";
import type { Adapter, Flight } from "../adapter.ts";

/** Nothing was sent, so there is nothing to pause or to close. */
const landed: Flight = { resume() {}, abort() {}, isSent: () => false, report: () => NOTHING_YET };

/** Answers with the wire's own estimate, for providers that do not serve the operation. No provider is called. */
export const estimate: Adapter = ({ client, body }, sink) => {
  if (!client.estimate) throw new Error(`${client.id} has no estimate`);
  const { answer, fields } = client.estimate(body);
  sink.head({
    status: 200,
    headers: { "content-type": "application/json", "x-tollgate-estimated": fields.join(", ") },
  });
  sink.write(Buffer.from(JSON.stringify(answer)));
  sink.end({ ...NOTHING_YET, usage: { use: NOTHING_USED, flags: [], final: true }, finished: true });
  return landed;
};
