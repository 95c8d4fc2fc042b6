import { TollgateError } from "@tollgate/contracts/errors";
import { ListRequests } from "@tollgate/control/reports/schemas";
import { describe, expect, it } from "vitest";
import { filterProblem, liveInput, readFilter, requestsInput } from "../src/app/[org]/requests/filter.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const ask = (search: string, cursor?: string) => requestsInput(readFilter(new URLSearchParams(search)), NOW, cursor);

describe("the URL of the requests page", () => {
  it("shows the last day by default", () => {
    expect(ask("")).toEqual({ from: "2026-11-21T12:00:00.000Z" });
  });

  it("passes every filter to the verb", () => {
    const key = "019a9d4e-0000-7000-8000-000000000001";
    const input = ask(
      `range=1h&key=${key}&model=small&provider=openai&status=error&text=boom&tag=env%3Dprod&customer=c1&session=run-1&cache=hit&cost=0.01&ms=250`,
      key,
    );
    expect(ListRequests.parse(input)).toMatchObject({
      from: "2026-11-22T11:00:00.000Z",
      keyId: key,
      model: "small",
      provider: "openai",
      status: "error",
      text: "boom",
      tag: "env=prod",
      customer: "c1",
      session: "run-1",
      cache: "hit",
      costAtLeastUsd: "0.01",
      msAtLeast: 250,
      cursor: key,
    });
  });

  it("searches a whole id without a time range", () => {
    expect(ask("text=019a9d4e-0000-7000-8000-000000000001")).not.toHaveProperty("from");
  });

  it("names each filter that cannot be used, instead of leading nowhere", () => {
    const error = new TollgateError("validation_failed", "Some fields are not valid.", {
      fields: { keyId: "Invalid UUID", costAtLeastUsd: "Invalid string" },
    });
    expect(filterProblem(error)).toBe("Some filters cannot be used. Key: Invalid UUID; Cost at least: Invalid string.");
    expect(() => filterProblem(new TollgateError("not_found", "There is no such organisation."))).toThrow("no such");
  });

  it("looks for new rows in the last ten minutes only", () => {
    const live = (search: string) => liveInput(readFilter(new URLSearchParams(search)), NOW);
    expect(live("range=30d&model=small")).toEqual({ from: "2026-11-22T11:50:00.000Z", model: "small" });
    expect(live("text=019a9d4e-0000-7000-8000-000000000001")).not.toHaveProperty("from");
  });

  it("uses the default for an unknown value", () => {
    expect(ask("range=century&status=maybe&cache=yes")).toEqual({ from: "2026-11-21T12:00:00.000Z" });
  });
});
