import { ModelTimeouts, TargetTimeouts } from "@tollgate/contracts/timeouts";
import { z } from "zod";
import { Id, ModelName, Time, Usd } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const UpstreamModel = z
  .string()
  .trim()
  .min(1, "is required")
  .max(200)
  .regex(/^[!-~]+$/, "only visible ASCII characters")
  // Some providers have the name in the URL, so it must not change the path.
  .refine((name) => !/[?#\\%]|(^|\/)\.{1,2}(\/|$)/.test(name), "no ?, #, %, backslash, or dots alone between slashes");

const TargetInput = z.strictObject({
  credentialId: Id,
  upstreamModel: UpstreamModel,
  /**
   * The model behind a name that is not one, such as that of an Azure deployment. Its price and limits apply, unless the name
   * has an own price. Null: the name is the model's.
   */
  baseModel: UpstreamModel.nullable().default(null),
  /** Lower is tried first. */
  priority: z.int().min(0).max(100).default(0),
  /** Share among targets of one priority. */
  weight: z.int().min(1).max(1000).default(1),
  /** Milliseconds. An absent one is the model's. */
  timeouts: TargetTimeouts.default({}),
});

const route = z.enum(["priority", "weighted"]);
const cacheTtlSeconds = z.int().min(0).max(86_400);
const maxOutputTokens = z.int().min(1).max(10_000_000).nullable();
const targets = z.array(TargetInput).min(1, "at least one target").max(20);

export const MODEL_SORTS = ["name", "createdAt", "cacheTtlSeconds"] as const;

export const ListModels = listInput(MODEL_SORTS, "name", {
  /** Only models with a target on this credential. */
  credentialId: Id.optional(),
});

export const CreateModel = z.strictObject({
  name: ModelName,
  route: route.default("priority"),
  cacheTtlSeconds: cacheTtlSeconds.default(0),
  maxOutputTokens: maxOutputTokens.default(null),
  /** Milliseconds. An absent one is the gateway's. */
  timeouts: ModelTimeouts.default({}),
  /** Whether a request whose content a provider refuses is sent to the next target. */
  fallsBackOnRefusal: z.boolean().default(false),
  targets,
});

export const UpdateModel = z.strictObject({
  id: Id,
  name: ModelName.optional(),
  route: route.optional(),
  cacheTtlSeconds: cacheTtlSeconds.optional(),
  maxOutputTokens: maxOutputTokens.optional(),
  /** If present, it replaces all of them. */
  timeouts: ModelTimeouts.optional(),
  fallsBackOnRefusal: z.boolean().optional(),
  /** If present, it replaces the whole list. */
  targets: targets.optional(),
});

export const Price = z.object({
  inputPerMillionUsd: Usd,
  outputPerMillionUsd: Usd,
  /** Whether it is the organisation's own price instead of the catalogue's. */
  own: z.boolean(),
});

/** A request field that the provider was found to refuse of this model. */
export const LearntDifference = z.object({
  field: z.string(),
  /** The name under which it is sent instead; null: it is left out. */
  sentAs: z.string().nullable(),
  learntAt: Time,
});

export const Target = z.object({
  id: z.uuid(),
  credentialId: z.uuid(),
  credentialName: z.string(),
  provider: z.string(),
  upstreamModel: z.string(),
  baseModel: z.string().nullable(),
  priority: z.int(),
  weight: z.int(),
  timeouts: TargetTimeouts,
  /** Null: the price is unknown. That is not free. */
  price: Price.nullable(),
  contextTokens: z.int().nullable(),
  /** What proxies have learnt from refusals, by field. */
  differences: z.array(LearntDifference),
});

export const Model = z.object({
  id: z.uuid(),
  name: z.string(),
  route,
  cacheTtlSeconds: z.int(),
  maxOutputTokens: z.int().nullable(),
  timeouts: ModelTimeouts,
  fallsBackOnRefusal: z.boolean(),
  targets: z.array(Target),
  createdAt: Time,
});
export type Model = z.infer<typeof Model>;
