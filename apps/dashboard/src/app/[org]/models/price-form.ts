import type { Model } from "@tollgate/control/models/schemas";

/** The text in the field. Empty: no price. */
export interface PriceForm {
  target: string;
  input: string;
  output: string;
  cacheRead: string;
  cacheWrite: string;
  /** Prices of other units, by unit. */
  units: Readonly<Record<string, string>>;
  /** Factors for service tiers, speeds and regions, by service. */
  services: Readonly<Record<string, string>>;
  /** A day, from its start in UTC. Empty: now. */
  from: string;
}

export const priceFormOf = ({ targets }: Model): PriceForm => {
  const price = targets[0]?.price;
  return {
    target: targets[0]?.id ?? "",
    input: price?.inputPerMillionUsd ?? "",
    output: price?.outputPerMillionUsd ?? "",
    cacheRead: "",
    cacheWrite: "",
    units: {},
    services: {},
    from: "",
  };
};

/** Without the fields that were left empty. */
const given = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text.trim() !== ""));

export const priceInputOf = (form: PriceForm, { targets }: Model) => {
  const target = targets.find(({ id }) => id === form.target);
  return {
    provider: target?.provider ?? "",
    upstreamModel: target?.upstreamModel ?? "",
    inputPerMillionUsd: form.input,
    outputPerMillionUsd: form.output,
    cacheReadPerMillionUsd: form.cacheRead.trim() || null,
    cacheWritePerMillionUsd: form.cacheWrite.trim() || null,
    unitPricesUsd: given(form.units),
    serviceFactors: given(form.services),
    ...(form.from ? { from: `${form.from}T00:00:00Z` } : {}),
  };
};
