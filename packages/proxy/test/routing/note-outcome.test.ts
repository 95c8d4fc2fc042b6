import { expect, test } from "vitest";
import type { Candidate, Parsed } from "../../src/call.ts";
import type { Ports } from "../../src/ports.ts";
import { failureOfFault } from "../../src/providers/failure.ts";
import { openBreaker } from "../../src/routing/breaker.ts";
import { noteFailure } from "../../src/routing/note-outcome.ts";
import { openPauses } from "../../src/routing/pauses.ts";

const candidate = { target: { id: "t" }, credential: { id: "c" }, way: { isLocal: false } } as unknown as Candidate;
const grant = { key: { id: "k" }, org: { id: "o" } } as Parsed["grant"];
const request = {} as Pick<Parsed, "raw" | "exchange">;

test.each([
  ["connect_timeout", null, 1],
  ["connect_timeout", { connectMs: 100 }, 0],
  ["header_timeout", null, 1],
  ["header_timeout", { firstByteMs: 100 }, 0],
  ["refused", { connectMs: 100 }, 1],
] as const)("%s with the caller's times %j opens %d breakers", (kind, timeouts, opened) => {
  const health = openBreaker({ failuresMin: 2, restMs: 1_000 });
  const ports = { health, pauses: openPauses() } as Pick<Ports, "health" | "pauses"> as Ports;
  for (let call = 0; call < 2; call++)
    noteFailure(ports, { ...request, grant, timeouts }, candidate, failureOfFault({ kind, internal: "" }));
  expect(health.resting()).toHaveLength(opened);
});
