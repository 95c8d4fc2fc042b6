import { credentialHoldId, credentialUses, endsOf, requestOfHold } from "@tollgate/limits/credential-use";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { expect, test } from "vitest";

const [attempt] = usageEvent().attempts;
const sent = (given: object) => ({ ...attempt, ...given }) as NonNullable<typeof attempt>;
const uses = (given: Parameters<typeof usageEvent>[0]) =>
  credentialUses(usageEvent({ credentialId: "main", ...given }));

test("each attempt that was sent counts on its own credential, with its own cost and tokens", () => {
  const attempts = [
    sent({ credentialId: "first", use: null, costNano: "0" }),
    sent({ credentialId: "down", use: null, costNano: "0", unsent: true }),
    sent({ credentialId: "second", use: { input: 10, output: 5 }, costNano: "700", countedNano: "900" }),
  ];
  expect(uses({ attempts })).toEqual([
    { credentialId: "first", amounts: { usd: 0n, tokens: 0n }, unpriced: 0 },
    { credentialId: "second", amounts: { usd: 900n, tokens: 15n }, unpriced: 0 },
  ]);
});

test("an attempt without a credential used that of the event, and an unknown cost counts nothing", () => {
  expect(uses({ attempts: [sent({ costNano: null })] })).toMatchObject([
    { credentialId: "main", amounts: { usd: 0n }, unpriced: 1 },
  ]);
  expect(uses({ attempts: [sent({})], credentialId: null })).toEqual([]);
});

test("a call whose records are lost counts its hold on the credential it was to use", () => {
  const lost = { attempts: [], costNano: "400", outcome: "interrupted" as const };
  expect(uses(lost)).toMatchObject([{ credentialId: "main", amounts: { usd: 400n } }]);
  expect(uses({ ...lost, outcome: "refused" })).toEqual([]);
  expect(uses({ ...lost, credentialId: null })).toEqual([]);
});

test("the holds of a call end with the sums of the attempts at each credential", () => {
  const event = usageEvent({
    attempts: [
      sent({ credentialId: "a", costNano: "1", use: { input: 1, output: 0 } }),
      sent({ credentialId: "a", costNano: "2", use: { input: 2, output: 0 } }),
      sent({ credentialId: "b", costNano: "4", use: { input: 4, output: 0 } }),
    ],
    costNano: "7",
    use: { input: 7, output: 0 },
  });
  expect(endsOf(event)).toEqual(
    new Map([
      [event.id, { usd: 7n, tokens: 7n }],
      [credentialHoldId(event.id, "a"), { usd: 3n, tokens: 3n, requests: 2n }],
      [credentialHoldId(event.id, "b"), { usd: 4n, tokens: 4n, requests: 1n }],
    ]),
  );
  expect(requestOfHold(credentialHoldId(event.id, "a"))).toBe(event.id);
  expect(requestOfHold(event.id)).toBe(event.id);
});
