import { EventStreamCodec } from "@smithy/eventstream-codec";
import { fromUtf8, toUtf8 } from "@smithy/util-utf8";

const codec = new EventStreamCodec(toUtf8, fromUtf8);

const frame = (headers: Record<string, string>, payload: string): Buffer =>
  Buffer.from(
    codec.encode({
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { type: "string", value }])),
      body: fromUtf8(payload),
    }),
  );

const JSON_TYPE = { ":content-type": "application/json" };

/** One frame of AWS's binary event stream. */
export const eventFrame = (type: string, payload: object): Buffer =>
  frame({ ":event-type": type, ...JSON_TYPE, ":message-type": "event" }, JSON.stringify(payload));

/** A frame that ends the stream with an exception of the service. */
export const exceptionFrame = (type: string, message: string): Buffer =>
  frame({ ":exception-type": type, ...JSON_TYPE, ":message-type": "exception" }, JSON.stringify({ message }));

/** A frame that ends the stream with an error that the service did not foresee. */
export const errorFrame = (code: string, message: string): Buffer =>
  frame({ ":error-code": code, ":error-message": message, ":message-type": "error" }, "");
