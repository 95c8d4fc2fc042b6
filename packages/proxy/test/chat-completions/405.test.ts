import { expect, test } from "vitest";
import { openHouse } from "../house.ts";

test("a known path says which method it wants, before it asks who calls", async () => {
  const house = await openHouse();
  const wrong = await fetch(`${house.url}/v1/chat/completions`);
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("POST");
  const deleted = await fetch(`${house.url}/v1/models`, { method: "DELETE" });
  expect(deleted.headers.get("allow")).toBe("GET, HEAD");
  const head = await fetch(`${house.url}/healthz`, { method: "HEAD" });
  expect(head.status).toBe(200);
  await house.close();
});
