import type { Model } from "@tollgate/control/models/schemas";
import { expect, test } from "vitest";
import { priceFormOf, priceInputOf } from "../src/app/[org]/models/price-form.ts";

const model = { targets: [{ id: "t", provider: "openai", upstreamModel: "gpt-own", price: null }] } as unknown as Model;

test("a price carries the units and services that were given one, and no empty ones", () => {
  const services = { priority: "1.75", flex: "" };
  const form = { ...priceFormOf(model), input: "1", output: "2", units: { searches: "10", images: " " }, services };
  expect(priceInputOf(form, model)).toMatchObject({
    ...{ provider: "openai", upstreamModel: "gpt-own", inputPerMillionUsd: "1", outputPerMillionUsd: "2" },
    unitPricesUsd: { searches: "10" },
    serviceFactors: { priority: "1.75" },
  });
});
