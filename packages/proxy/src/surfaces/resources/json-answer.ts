import { parsingAnswer } from "../../body/read-json.ts";
import { inTurns } from "../../body/steps.ts";
import { tollgateError } from "../../failure.ts";
import type { Ports } from "../../ports.ts";
import { badAnswer } from "../../providers/failure.ts";
import type { StoredObject } from "../../wires/stored-objects.ts";
import type { Reply } from "../surface.ts";

/** A provider's answer as JSON. Throws 502 if it is not an object. */
export async function jsonAnswer({ lanes }: Ports, orgId: string, body: Buffer): Promise<StoredObject> {
  const fields = body.length === 0 ? null : await inTurns(parsingAnswer(body), lanes.of(orgId));
  if (fields === null) throw tollgateError(badAnswer(200, "not a JSON object"));
  return fields;
}

export const jsonReply = (fields: object, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(fields),
});
