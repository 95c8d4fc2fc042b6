/** What Bedrock's model names tell about a model: `us.anthropic.claude-…`, or an ARN that ends in such a name. */

export const isClaude = (model: string): boolean => model.includes("anthropic.") || model.includes("claude-");

/** The name of an application inference profile does not tell the model. */
export const mayBeClaude = (model: string): boolean =>
  isClaude(model) || model.includes(":application-inference-profile/");

export const isNova = (model: string): boolean => model.includes("amazon.nova-");

/** Models that keep a part of the prompt in a cache. Others refuse a request with a cache point. */
export const hasPromptCache = (model: string): boolean => isClaude(model) || isNova(model);

/** Claude models whose cache points may last an hour: 4.5 and later. */
export const hasHourCache = (model: string): boolean =>
  isClaude(model) && !/claude-(?:3|v2|instant|(?:opus|sonnet)-4(?:-1)?-\d{8})/.test(model);

/** Models that are told whether a tool failed. */
export const hasToolStatus = (model: string): boolean => hasPromptCache(model);
