import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import {
  type CredentialPolicy,
  type Grant,
  grantOf,
  type KeyPolicy,
  type ModelPolicy,
  type OrgPolicy,
  type TargetPolicy,
} from "@tollgate/contracts/grant";
import { uuidV7 } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { eventOfText, UsageEvent } from "@tollgate/contracts/usage-event";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import { hashKey, verifyKey } from "@tollgate/vault/hash-key";
import { mintKey } from "@tollgate/vault/key-format";
import { Opened } from "@tollgate/vault/opened";
import { resourceIds } from "@tollgate/vault/resource-id";
import { responseBoxes } from "@tollgate/vault/response-box";
import { Lanes } from "../src/body/steps.ts";
import { openMemoryCache } from "../src/cache/memory-cache.ts";
import { policyUnavailable } from "../src/directory/policy-unavailable.ts";
import { openThreads } from "../src/guardrails/threads.ts";
import { createProxy } from "../src/index.ts";
import { KeptResponses } from "../src/kept/kept-responses.ts";
import { openMemoryStore } from "../src/kept/memory-store.ts";
import { openMetrics } from "../src/metrics.ts";
import type { Ports, Settings } from "../src/ports.ts";
import { openTokens } from "../src/providers/auth/tokens.ts";
import { openBreaker } from "../src/routing/breaker.ts";
import { openLessons } from "../src/routing/lessons.ts";
import { openPauses } from "../src/routing/pauses.ts";
import { openRetryBudget } from "../src/routing/retry-budget.ts";
import { openUpstreams } from "../src/upstreams.ts";
import { knownBatches } from "./known-batches.ts";
import { SETTINGS } from "./test-settings.ts";

const PEPPER = Buffer.alloc(32, 7);
export const PROVIDER_SECRET = "sk-provider-secret-canary";

export const id = (): string => uuidV7(Date.now());

export const credential = (baseUrl: string, given: Partial<CredentialPolicy> = {}): CredentialPolicy => ({
  id: id(),
  name: "Main",
  provider: "openai",
  baseUrl,
  sealed: PROVIDER_SECRET,
  ...given,
});

export const target = (credentialId: string, given: Partial<TargetPolicy> = {}): TargetPolicy => ({
  id: id(),
  credentialId,
  upstreamModel: "gpt-4o-mini",
  priority: 1,
  weight: 1,
  ...given,
});

export const model = (targets: TargetPolicy[], given: Partial<ModelPolicy> = {}): ModelPolicy => ({
  id: id(),
  name: "small",
  route: "priority",
  cacheTtlSeconds: 0,
  maxOutputTokens: null,
  targets,
  ...given,
});

export const limit = (given: Partial<Limit>): Limit => ({
  id: id(),
  scope: "organisation",
  subject: null,
  subjectName: null,
  unit: "requests",
  window: "day",
  anchorMs: null,
  amount: 100n,
  increases: [],
  mode: "block",
  thresholds: [],
  onStoreDown: "allow",
  ...given,
});

interface Dispatched {
  id: string;
  event: UsageEvent;
}

export interface Setup {
  url: string;
  /** A live key of the organisation. */
  key: string;
  org: OrgPolicy;
  keyPolicy: KeyPolicy;
  events: UsageEvent[];
  /** The provider's ids of the batches whose usage is in the ledger. */
  settled: Set<string>;
  /** Records of attempts that were about to start. */
  dispatched: Dispatched[];
  logged: string[];
  ports: Ports;
  /** Replaces the policy, like the directory after a change. */
  change(org: Partial<OrgPolicy>, key?: Partial<KeyPolicy>): void;
  setFresh(fresh: boolean): void;
  post(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** `post` to another endpoint than chat completions. */
  postTo(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export interface SetupOptions {
  org?: Partial<OrgPolicy>;
  key?: Partial<KeyPolicy>;
  settings?: Partial<Settings>;
  ports?: Partial<Ports>;
  headerTimeoutMs?: number;
  idleTimeoutMs?: number;
}

/** A complete proxy behind a real server, with the given policy, a memory limit store and a spool that keeps its records. */
export async function openSetup(options: SetupOptions = {}): Promise<Setup> {
  const lanes = new Lanes();
  const orgId = id();
  const minted = mintKey("live");
  let org: OrgPolicy = {
    id: orgId,
    name: "Acme",
    slug: "acme",
    timeZone: "UTC",
    formerZones: [],
    suspended: false,
    budgetErrorStatus: 402,
    directModels: false,
    keepsResponses: true,
    revision: 1,
    allow: null,
    deny: [],
    teams: [],
    models: [],
    credentials: [],
    limits: [],
    guardrails: [],
    prices: [],
    ...options.org,
  };
  let keyPolicy: KeyPolicy = {
    id: id(),
    orgId,
    publicId: minted.publicId,
    name: "Test key",
    kind: "live",
    teamId: null,
    memberId: null,
    memberRole: null,
    costCentre: null,
    memberCostCentre: null,
    state: "active",
    expiresAtMs: null,
    secrets: [{ hash: hashKey(PEPPER, minted.secret), notAfterMs: null }],
    allow: null,
    deny: [],
    ...options.key,
  };
  let grant: Grant;
  const give = (): void => {
    grant = grantOf(org, org.teams.find(({ id }) => id === keyPolicy.teamId) ?? null, keyPolicy);
  };
  give();
  const events: UsageEvent[] = [];
  const settled = new Set<string>();
  const dispatched: Dispatched[] = [];
  const logged: string[] = [];
  const log = (fields: object, message: string): void => void logged.push(JSON.stringify({ ...fields, message }));
  let fresh = true;
  const ports: Ports = {
    directory: {
      find(publicId) {
        if (publicId === grant.key.publicId) return grant;
        return fresh ? undefined : Promise.reject(policyUnavailable());
      },
      key: (publicId) => (publicId === keyPolicy.publicId ? keyPolicy : undefined),
      org: (each) => (each === orgId ? org : undefined),
      fresh: () => fresh,
      ready: () => true,
      serves: () => true,
      age: () => ({ ageMs: 0, stale: 0, oldest: [] }),
      batches: (query) => knownBatches(events, settled, keyPolicy.id, query),
      blocks: () => org.limits.some(({ mode }) => mode === "block"),
    },
    limits: createMemoryStore({ now: Date.now }),
    limitGate: { pass: () => undefined, refusal: () => null, isStarting: () => false },
    spool: {
      async dispatched({ id, text }) {
        dispatched.push({ id, event: UsageEvent.parse(eventOfText(text)) });
      },
      settled: async (event) => void events.push(UsageEvent.parse(event)),
      healthy: () => true,
    },
    vault: {
      verify: (presented, stored) =>
        verifyKey(
          PEPPER,
          presented,
          stored.map(({ hash }) => hash),
        ),
      // Several fields are written as JSON.
      open: (_org, { sealed }) => new Opened(sealed.startsWith("{") ? JSON.parse(sealed) : sealed),
      ids: resourceIds(PEPPER),
    },
    tokens: openTokens(Date.now),
    cache: openMemoryCache({ bytesMax: 1e6 }),
    kept: new KeptResponses({
      store: openMemoryStore({ bytesMax: 1e6, ttlMs: 3_600_000 }),
      boxes: responseBoxes(PEPPER),
      onError: (error) => log({ err: String(error) }, "kept responses"),
    }),
    upstreams: openUpstreams({
      connectTimeoutMs: 1_000,
      headerTimeoutMs: options.headerTimeoutMs ?? 5_000,
      idleTimeoutMs: options.idleTimeoutMs ?? 5_000,
      originConcurrency: 512,
      originWaitMs: 5_000,
      privateHosts: parsePrivateHosts("127.0.0.1=acme"),
    }),
    health: openBreaker({ failuresMin: 5, restMs: 10_000 }),
    pauses: openPauses(),
    retryBudget: openRetryBudget(),
    lessons: openLessons(),
    guardrails: openThreads({ threads: 1, lanes, onError: (error) => log({ err: error.message }, "guardrail thread") }),
    lanes,
    metrics: openMetrics(),
    log: { info: log, warn: log, error: log },
    now: Date.now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
    random: () => 0,
    draining: () => false,
    ...options.ports,
    settings: { ...SETTINGS, ...options.settings },
  };
  const gateway = createProxy(ports);
  const server = createServer(gateway.handle);
  server.on("checkContinue", gateway.handleExpecting);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const authorization = `Bearer ${minted.secret}`;
  const postTo: Setup["postTo"] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json", ...headers },
      body: typeof body === "string" || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    });
  return {
    url,
    key: minted.secret,
    get org() {
      return org;
    },
    get keyPolicy() {
      return keyPolicy;
    },
    events,
    settled,
    dispatched,
    logged,
    ports,
    change(orgChange, keyChange) {
      org = { ...org, ...orgChange, revision: org.revision + 1 };
      keyPolicy = { ...keyPolicy, ...keyChange };
      give();
    },
    setFresh: (now) => {
      fresh = now;
    },
    post: (body, headers) => postTo("/v1/chat/completions", body, headers),
    postTo,
    get: (path, headers = {}) => fetch(`${url}${path}`, { headers: { authorization, ...headers } }),
    async close() {
      server.closeAllConnections();
      server.close();
      await Promise.all([ports.upstreams.close(), ports.guardrails.close()]);
    },
  };
}

export const ask = (given: Record<string, unknown> = {}) => ({
  model: "small",
  messages: [{ role: "user", content: "Hello there" }],
  ...given,
});
