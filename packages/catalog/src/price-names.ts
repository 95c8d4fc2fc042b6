/** Longer names are no names of models. */
const NAME_CHARS_MAX = 300;

/** Suffixes that say how OpenRouter and others route a call, and not which model answers. */
const ROUTING = /:(?:thinking|nitro|floor|online|exacto|extended|beta|free|fastest|cheapest|preferred)$/;

/** Hosts (`us-east-1` in an ARN), projects and publishers come before a slash. */
const RESOURCE = /^(?:arn:|models\/|publishers\/|projects\/|accounts\/)/;

const withoutRouting = (name: string): string => name.replace(ROUTING, "");

/**
 * Names under which the price of a model may be listed, the most exact one first: the name itself, without its path
 * (`models/…`, `publishers/google/models/…`, an ARN), without a routing suffix (`:nitro`), without a version of the
 * provider's (`@20250929`, `-001`) and without `-latest`.
 */
export function priceNames(model: string): readonly string[] {
  if (model.length > NAME_CHARS_MAX) return [];
  const names = new Set([model]);
  const add = (change: (name: string) => string): void => {
    for (const name of [...names]) names.add(change(name));
  };
  if (RESOURCE.test(model)) add((name) => name.slice(name.lastIndexOf("/") + 1));
  add(withoutRouting);
  add((name) => name.replace(/@(?:default|latest)$/, "").replace(/@(?=\d)/, "-"));
  add((name) => name.replace(/-latest$/, "").replace(/^~/, ""));
  add((name) => name.replace(/-0\d\d$/, ""));
  names.delete("");
  return [...names];
}

/** A variant that OpenRouter serves without charge. */
export const isFreeName = (model: string): boolean => model.endsWith(":free");

/** What providers add before the name of a model, such as `us.anthropic.`, and after it. */
const REGION = /^(?:us-gov|us|eu|apac|au|jp|ca|global)\./;
const VENDOR = /^(?:ai21|amazon|anthropic|cohere|deepseek|google|meta|mistral|moonshotai?|openai|qwen|writer|zai)\./;

/** The maker's own name of a model, in lower case: without a path, a region, a vendor and a routing suffix. */
export const bareName = (model: string): string =>
  withoutRouting(model.slice(model.lastIndexOf("/") + 1).toLowerCase())
    .replace(REGION, "")
    .replace(VENDOR, "");

/**
 * For a name that is always the newest model of a line (`gemini-flash-latest`): matches the models that it can be. Null: it
 * is no such name.
 */
export function lineOf(model: string): RegExp | null {
  const found = /^([a-z]+)-([a-z]+(?:-[a-z]+)?)-latest$/.exec(bareName(model));
  if (!found) return null;
  const [, family, line] = found;
  return new RegExp(`^${family}-(?:\\d[\\d.-]*-${line}|${line}-\\d[\\d.]*)(?:-preview)?(?:-[\\d-]+)?$`);
}
