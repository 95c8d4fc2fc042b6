/** OpenAI's models that reason. Their chat variants do not. */
const OPENAI = /^(?:openai\/)?(?:o[1-9]|gpt-5(?!.*chat)|codex)/;
/** Other models that take `reasoning_effort`, as their vendors name them. */
const OTHERS = /gpt-oss|grok-(?:3-mini|4)|gemini-(?:2\.5|[3-9])|magistral|reason|thinking/i;

/** Whether a model takes `reasoning_effort`. Models that do not reason refuse it. */
export const takesEffort = (upstreamModel: string): boolean => OPENAI.test(upstreamModel) || OTHERS.test(upstreamModel);

/** Whether a model refuses sampling parameters other than the default. */
export const isFixedSampling = (upstreamModel: string): boolean => OPENAI.test(upstreamModel);
