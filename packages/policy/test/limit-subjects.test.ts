import { LIMIT_SCOPES, type LimitScope, type LimitSubjects } from "@tollgate/contracts/limit";
import { subjectsCounted, subjectsOfAttempt, subjectsOfCall, subjectsOfRecord } from "@tollgate/policy/limit-subjects";
import { describe, expect, test } from "vitest";

const subjects: LimitSubjects = {
  orgId: "o",
  teamId: "t",
  memberId: "m",
  keyId: "k",
  modelId: "d",
  tags: ["env=prod", "app=chat"],
  customer: "acme",
  session: "run-1",
  endUser: "user-1",
  costCentre: "CC-1",
};
const unnamed = { customer: null, session: null, endUser: null, costCentre: null };
const none: LimitSubjects = { ...subjects, ...unnamed, teamId: null, memberId: null, modelId: null, tags: [] };

test("a call and its usage record have the same subjects", () => {
  const tags = { env: "prod", app: "chat" };
  const policy = { org: { id: "o" }, key: { id: "k", teamId: "t", memberId: "m" }, costCentre: "CC-1" };
  const grant = policy as Parameters<typeof subjectsOfCall>[0];
  expect(subjectsOfCall(grant, "d", { tags, customer: "acme", session: "run-1" }, "user-1")).toEqual(subjects);
  const { tags: _, ...ids } = subjects;
  expect(subjectsOfRecord({ ...ids, tags })).toEqual(subjects);
});

describe("a limit counts", () => {
  test.each<[LimitScope, string | null, string[]]>([
    ["organisation", null, [""]],
    ["team", "t", ["t"]],
    ["team", "other", []],
    ["team", null, ["t"]],
    ["member", "m", ["m"]],
    ["member", null, ["m"]],
    ["key", "k", ["k"]],
    ["key", "other", []],
    ["key", null, ["k"]],
    ["model", "d", ["d"]],
    ["model", null, ["d"]],
    ["tag", "app=chat", ["app=chat"]],
    ["tag", "app=other", []],
    ["tag", null, ["env=prod", "app=chat"]],
    ["customer", "acme", ["acme"]],
    ["customer", null, ["acme"]],
    ["run", "run-1", ["run-1"]],
    ["run", "run-2", []],
    ["run", null, ["run-1"]],
    ["end_user", "user-1", ["user-1"]],
    ["end_user", null, ["user-1"]],
    ["cost_centre", "CC-1", ["CC-1"]],
    ["cost_centre", null, ["CC-1"]],
  ])("%s %s", (scope, subject, counted) => {
    expect(subjectsCounted({ scope, subject }, subjects)).toEqual(counted);
  });

  test.each<LimitScope>(["team", "member", "model", "tag", "customer", "run", "end_user", "cost_centre"])(
    "no %s when the call has none",
    (scope) => {
      for (const subject of [null, "x"]) expect(subjectsCounted({ scope, subject }, none)).toEqual([]);
    },
  );

  test.each([null, "c-1"])("one attempt on its credential, and on nothing else (subject %s)", (subject) => {
    const attempt = subjectsOfAttempt(subjects, "c-1");
    expect(subjectsCounted({ scope: "credential", subject }, attempt)).toEqual(["c-1"]);
    expect(subjectsCounted({ scope: "credential", subject }, subjects)).toEqual([]);
    for (const scope of LIMIT_SCOPES.filter((each) => each !== "credential"))
      expect([scope, subjectsCounted({ scope, subject: null }, attempt)]).toEqual([scope, []]);
  });

  test.each([null, "a=b"])("a tag that is given twice, once (subject %s)", (subject) => {
    expect(subjectsCounted({ scope: "tag", subject }, { ...subjects, tags: ["a=b", "a=b"] })).toEqual(["a=b"]);
  });
});
