import { z } from "zod";
import { Id, Instant, page, Time, Usd } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const RUN_SORTS = ["lastAt", "firstAt", "costUsd", "requests"] as const;

export const ListRuns = listInput(RUN_SORTS, "-lastAt", {
  /** Runs whose last call is not before this instant. */
  from: Instant.optional(),
  keyId: Id.optional(),
  memberId: Id.optional(),
});

/** All calls that name the same session. Its figures do not include calls from before a pause of thirty days. */
export const Run = z.object({
  /** The session that the calls name. */
  session: z.string(),
  firstAt: Time,
  lastAt: Time,
  /** The key of the run's first call. */
  keyId: z.uuid(),
  keyName: z.string(),
  memberId: z.uuid().nullable(),
  memberName: z.string().nullable(),
  endUser: z.string().nullable(),
  /** The model of the run's last call. */
  model: z.string(),
  status: z.int(),
  error: z.string().nullable(),
  requests: z.int(),
  /** Answers of status 4xx and 5xx. */
  errors: z.int(),
  /** Requests whose price is unknown; the cost does not include them. */
  unpriced: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costUsd: Usd,
});
export type Run = z.infer<typeof Run>;

export const RunPage = page(Run);
