import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import { expect, test } from "vitest";

test("entries are kept in order while many others are added and deleted", () => {
  const map = new ShortLivedMap<string, number>();
  map.set("first", -1);
  for (let at = 0; at < 5_000; at++) {
    map.set(`${at}`, at);
    if (at % 100 !== 0) map.delete(`${at}`);
  }
  expect(map.size).toBe(51);
  expect([...map.values()].slice(0, 4)).toEqual([-1, 0, 100, 200]);
  expect(map.get("4900")).toBe(4900);
  expect(map.has("4901")).toBe(false);
  map.set("first", 1);
  expect(map.values().next().value).toBe(1);
  expect(map.delete("first")).toBe(true);
  expect(map.delete("first")).toBe(false);
  expect(map.size).toBe(50);
});
