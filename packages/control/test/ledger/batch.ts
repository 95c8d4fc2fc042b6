import { freshId } from "@tollgate/testkit/fresh-id";

/** A batch as a proxy ships it, without MACs. Events are objects, or texts as they are. */
export const batch = (events: readonly unknown[], { spoolId = freshId(), from = 0, to = 1_000 } = {}) => ({
  spoolId,
  from: String(from),
  to: String(to),
  events: events.map((event) => (typeof event === "string" ? event : JSON.stringify(event))),
});
