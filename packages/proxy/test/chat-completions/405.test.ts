import { expect, test } from "vitest";
import { openSetup } from "../setup.ts";

test("the allowed method is checked before the key", async () => {
  const setup = await openSetup();
  const wrong = await fetch(`${setup.url}/v1/chat/completions`);
  expect(wrong.status).toBe(405);
  expect(wrong.headers.get("allow")).toBe("POST, OPTIONS");
  const deleted = await fetch(`${setup.url}/v1/models`, { method: "DELETE" });
  expect(deleted.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  const head = await fetch(`${setup.url}/healthz`, { method: "HEAD" });
  expect(head.status).toBe(200);
  await setup.close();
});

test("OPTIONS lists the allowed methods, and allows no other origin", async () => {
  const setup = await openSetup();
  const ask = (path: string) =>
    fetch(`${setup.url}${path}`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
  const known = await ask("/v1/chat/completions");
  expect(known.status).toBe(204);
  expect(known.headers.get("allow")).toBe("POST, OPTIONS");
  expect(known.headers.get("content-length")).toBeNull();
  expect([...known.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
  expect((await ask("/v1/models")).headers.get("allow")).toBe("GET, HEAD, OPTIONS");
  expect((await ask("/v1/other")).status).toBe(404);
  await setup.close();
});
