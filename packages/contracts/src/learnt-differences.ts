import { z } from "zod";

/** Kind of a report about fields that a provider refuses of a model. It is sent and signed like the result of a task. */
export const LEARNT_KIND = "target.differences";

const FieldName = z.string().regex(/^[a-zA-Z][\w.]{0,99}$/);

/** What a proxy has learnt about a model of a credential. */
export const LearntDifferences = z.strictObject({
  upstreamModel: z.string().min(1).max(200),
  fields: z
    .array(
      z.strictObject({
        field: FieldName,
        /** The name under which it is sent instead; null: it is left out. */
        sentAs: FieldName.nullable(),
      }),
    )
    .min(1)
    .max(50),
});
export type LearntDifferences = z.infer<typeof LearntDifferences>;
