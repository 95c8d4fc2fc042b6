import { afterEach, describe, expect, it } from "vitest";
import { type Checks, guardrail, openChecks } from "./guardrail.ts";

let checks: Checks | undefined;
afterEach(() => checks?.close());

/** A thread that runs this text as its module. */
const script = (body: string): URL =>
  new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads";${body}`)}`);
const READY = 'parentPort.postMessage("ready");';

const large = (words = "") => ({ messages: [{ content: `${"word ".repeat(10_000)}${words}` }] });
const keyword = (more = {}) => [guardrail({ patterns: ["nessie"], ...more })];

describe("a thread finds the same as the event loop", () => {
  it.each([
    ["keywords", keyword({ action: "redact" }), "Nessie and \u{1e900}", "[redacted:rule] and \u{1e900}"],
    ["secrets", [guardrail({ kind: "secret", action: "redact" })], `AKIA${"A7Z".repeat(5)}A!`, "[redacted:rule]!"],
  ])("%s", async (_kind, rules, words, expected) => {
    checks = openChecks();
    const [small, big] = await Promise.all([checks.check(rules, { x: words }), checks.check(rules, large(words))]);
    expect(small).toMatchObject({ refusal: null, body: { x: expected } });
    expect(big).toMatchObject({ refusal: null, body: large(expected), hits: small.hits });
  });

  it("in each of many texts, and not in bytes", async () => {
    checks = openChecks();
    const parts = Array.from({ length: 5_000 }, (_, index) => ({ text: index % 2 ? "nessie" : "", type: "nessie" }));
    const image = { image_url: { url: "data:image/png;base64,nessie" } };
    const { body, hits } = await checks.check(keyword({ action: "redact" }), { parts: [image, ...parts] });
    expect(hits).toMatchObject([{ count: 2_500 }]);
    const redacted = parts.map((part) => ({ ...part, text: part.text && "[redacted:rule]" }));
    expect(body).toEqual({ parts: [image, ...redacted] });
  });

  it("with more policies than a thread keeps compiled", async () => {
    checks = openChecks({ threads: 1 });
    for (let policy = 0; policy < 120; policy++) {
      const rules = [guardrail({ patterns: [`word${policy}`] })];
      for (const number of [policy, policy + 1]) {
        const { refusal } = await checks.check(rules, large(`word${number}`));
        expect(refusal !== null).toBe(number === policy);
      }
    }
  });
});

describe("if a thread cannot answer, the rule's failure setting decides:", () => {
  it("a thread that hangs is terminated, and another serves the next request", async () => {
    const hangs = 'parentPort.once("message", () => { for (;;); });';
    checks = openChecks({ script: script(hangs + READY), threads: 1, checkMsMax: 50 });
    const closed = await checks.check(keyword(), large());
    expect(closed).toMatchObject({ refusal: { code: "guardrail_blocked" }, hits: [{ failure: "time" }] });
    const open = await checks.check(keyword({ onFailure: "open" }), large());
    expect(open).toMatchObject({ refusal: null, hits: [{ failure: "time" }] });
    expect(checks.errors).toHaveLength(2);
  });

  it.each([
    ["that throws", `parentPort.on("message", () => { throw new Error("broken"); });${READY}`],
    ["that exits", `parentPort.on("message", () => process.exit(1));${READY}`],
  ])("one %s", async (_how, body) => {
    checks = openChecks({ script: script(body), threads: 1 });
    for (let time = 0; time < 3; time++) {
      const closed = await checks.check(keyword(), large());
      expect(closed).toMatchObject({ refusal: { code: "overloaded", status: 503 }, hits: [{ failure: "thread" }] });
    }
    expect((await checks.check(keyword({ onFailure: "open" }), large())).refusal).toBeNull();
  });

  it("a thread that never starts", async () => {
    checks = openChecks({ script: script(""), threads: 1, waitMsMax: 50 });
    const rules = keyword();
    const verdicts = await Promise.all([checks.check(rules, large()), checks.check(rules, large())]);
    for (const verdict of verdicts) expect(verdict.refusal).toMatchObject({ code: "overloaded" });
  });

  it("after closing", async () => {
    checks = openChecks();
    await checks.close();
    expect((await checks.check(keyword(), large())).hits).toMatchObject([{ failure: "busy" }]);
  });
});

describe("one organisation cannot take all threads", () => {
  const hangsOnSlow = `parentPort.on("message", ({ piece, msMax }) => {
    if (piece.includes("slow")) for (;;);
    const failure = piece.includes("long") && msMax < 500 ? "time" : null;
    parentPort.postMessage({ rules: [{ count: 0, failure, isUnredactable: false, texts: [] }], edits: null });
  });${READY}`;
  const regex = () => [guardrail({ kind: "regex", patterns: ["x"] })];

  it("its large requests do not delay its small ones", async () => {
    checks = openChecks({ script: script(hangsOnSlow), threads: 2 });
    for (let call = 0; call < 10; call++) void checks.check(keyword(), large("slow"));
    expect((await checks.check(regex(), { x: "quick" })).refusal).toBeNull();
  });

  it("a small request that needs more time is checked again as a large one", async () => {
    checks = openChecks({ script: script(hangsOnSlow), threads: 2 });
    expect((await checks.check(regex(), { x: "long" })).hits).toEqual([]);
  });

  it("another organisation's request is answered while all of its requests hang", async () => {
    checks = openChecks({ script: script(hangsOnSlow), threads: 3 });
    for (let call = 0; call < 10; call++) void checks.check(keyword(), large("slow"), "one");
    expect((await checks.check(keyword(), large("quick"), "other")).refusal).toBeNull();
  });

  it("requests above the maximum that may wait are refused at once", async () => {
    const hangs = `parentPort.on("message", () => { for (;;); });${READY}`;
    checks = openChecks({ script: script(hangs), threads: 1 });
    const verdicts = Array.from({ length: 100 }, () => checks?.check(keyword(), large()));
    const first = await Promise.race(verdicts);
    expect(first).toMatchObject({ refusal: { code: "overloaded" }, hits: [{ failure: "busy" }] });
  });
});
