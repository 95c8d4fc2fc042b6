import type { Role } from "@tollgate/contracts/role";
import { describe, expect, it } from "vitest";
import { homeOf, navigationFor } from "../src/lib/navigation.ts";

const pagesOf = (role: Role): string[] =>
  navigationFor(role).flatMap(({ entries }) => entries.map(({ segment }) => segment));

describe("the sidebar", () => {
  it("shows finance only spend and limits", () => {
    expect(pagesOf("finance")).toEqual(["overview", "batches", "spend", "limits", "alerts"]);
  });

  it("shows developers their own work", () => {
    expect(pagesOf("developer")).toEqual(["requests", "runs", "batches", "spend", "keys", "models"]);
    expect(homeOf("developer")).toBe("requests");
  });

  it("shows admins every page", () => {
    expect(pagesOf("admin")).toHaveLength(14);
  });
});
