import {
  addresses,
  choice,
  domains,
  key,
  logLevel,
  port,
  postgresUrl,
  privateHosts,
  redisUrl,
  smtpUrl,
  text,
  trustedProxies,
  webUrl,
  whole,
} from "./kinds.ts";
import { type Preset, setting } from "./setting.ts";

const REQUIRED = "required";
const OPTIONAL = "optional";
const preset = (value: string | number): Preset => ({ preset: String(value) });

const MIB = 1024 * 1024;
const folder = () => text("a folder");
const listenAddress = () => text("an address of this machine");
const secretText = (lengthMin: number) => text(`at least ${lengthMin} characters`, lengthMin);

/**
 * Every setting of Tollgate. Each has one parser, which all processes that read it share. `docs/settings.md` is generated
 * from this table.
 */
export const SETTINGS = {
  // Addresses and ports
  DASHBOARD_PORT: setting(
    port(),
    { dashboard: preset(3000), start: preset(3000) },
    "Port of the dashboard and the admin API.",
  ),
  PORT: setting(
    port(),
    { dashboard: preset(3000) },
    "Port of the dashboard where `DASHBOARD_PORT` is not set; hosting platforms set it.",
  ),
  PROXY_PORT: setting(port(), { proxy: preset(4000), start: preset(4000) }, "Port of the proxy for client calls."),
  METRICS_PORT: setting(
    port(),
    { proxy: preset(4001), start: preset(4001) },
    "Private port of the proxy: `/healthz`, `/readyz`, `/metrics`. Process n of several uses this port + n − 1.",
  ),
  WORKER_METRICS_PORT: setting(
    port(),
    { worker: preset(4101), start: preset(4101) },
    "Private port of the worker: `/healthz`, `/readyz`, `/metrics`.",
  ),
  DASHBOARD_METRICS_PORT: setting(
    port(),
    { dashboard: preset(4201), start: preset(4201) },
    "Private port of the dashboard: `/healthz`, `/readyz`, `/metrics`.",
  ),
  PROVIDER_PORT: setting(port(), { start: preset(4010) }, "Port of the demo provider."),
  POSTGRES_PORT: setting(
    port(),
    { start: preset(54_329) },
    "Port of the embedded Postgres. Not used when `DATABASE_URL` is set.",
  ),
  PROXY_HOST: setting(
    listenAddress(),
    { proxy: preset("127.0.0.1") },
    "Address the proxy listens on, for both of its ports. `0.0.0.0` is every address.",
  ),
  DASHBOARD_HOST: setting(
    listenAddress(),
    { dashboard: preset("localhost") },
    "Address the dashboard listens on. `0.0.0.0` is every address.",
  ),
  METRICS_HOST: setting(
    listenAddress(),
    { worker: preset("127.0.0.1"), dashboard: preset("127.0.0.1") },
    "Address of the private ports of worker and dashboard.",
  ),
  PROXY_PROCESSES: setting(
    whole({ max: 64 }),
    { proxy: preset(1) },
    "Number of proxy processes that share one port. Above 1 they need `REDIS_URL`, where they share their limits.",
  ),
  NEXTAUTH_URL: setting(
    webUrl(),
    {
      dashboard: preset("http://localhost:3000"),
      worker: preset("http://localhost:3000"),
      operator: preset("http://localhost:3000"),
      start: OPTIONAL,
    },
    "Public address of the dashboard: for sign-in and for links in alerts.",
  ),
  PROXY_URL: setting(
    webUrl(),
    { dashboard: preset("http://localhost:4000"), start: OPTIONAL, seed: REQUIRED },
    "Public address of the proxy, as the dashboard shows it.",
  ),
  TOLLGATE_DOCS_URL: setting(
    webUrl(),
    { proxy: preset("http://localhost:3000/docs/errors"), start: OPTIONAL },
    "Address that the `docs_url` of an error leads to. Under `npm start` it follows `NEXTAUTH_URL`.",
  ),

  // Stores
  DATABASE_URL: setting(
    postgresUrl(),
    { start: OPTIONAL, install: REQUIRED },
    "Postgres, as the owner of the database, for migrations. Without it `npm start` runs an embedded Postgres. No process of the product reads it.",
  ),
  TOLLGATE_PROXY_DATABASE_URL: setting(
    postgresUrl(),
    { proxy: REQUIRED, start: OPTIONAL },
    "Postgres, as the role `tollgate_proxy`. `npm start` derives it from `DATABASE_URL`.",
  ),
  TOLLGATE_CONTROL_DATABASE_URL: setting(
    postgresUrl(),
    { dashboard: REQUIRED, operator: REQUIRED, start: OPTIONAL, seed: REQUIRED },
    "Postgres, as the role `tollgate_control`. `npm start` derives it from `DATABASE_URL`.",
  ),
  TOLLGATE_INGEST_DATABASE_URL: setting(
    postgresUrl(),
    { worker: REQUIRED, start: OPTIONAL },
    "Postgres, as the role `tollgate_ingest`. `npm start` derives it from `DATABASE_URL`.",
  ),
  TOLLGATE_LISTEN_DATABASE_URL: setting(
    postgresUrl(),
    { proxy: OPTIONAL },
    "A direct connection to Postgres for notifications, when `TOLLGATE_PROXY_DATABASE_URL` leads to a pooler. Without it, policy changes arrive within a second.",
  ),
  TOLLGATE_POLICY_DATABASE_URL: setting(
    postgresUrl(),
    { proxy: OPTIONAL },
    "A replica of Postgres, as the role `tollgate_proxy`, from which policy is read. While it is behind or does not answer, policy is read from `TOLLGATE_PROXY_DATABASE_URL`.",
  ),
  REDIS_URL: setting(
    redisUrl(),
    { proxy: OPTIONAL, worker: OPTIONAL, start: OPTIONAL, install: OPTIONAL },
    "Moves the job queue from Postgres to Redis. Proxies share their limits there, so several may run.",
  ),
  TOLLGATE_DATA_DIR: setting(
    folder(),
    { proxy: preset(".data"), start: OPTIONAL },
    "Folder for the embedded database, generated secrets, the spool, logs and `ready.json`. Under `npm start` the default is `.data` in the repository.",
  ),
  TOLLGATE_SPOOL_DIR: setting(
    folder(),
    { proxy: OPTIONAL, start: OPTIONAL },
    "Folder for usage that is not in the database yet: use a durable disk. The default is `spool` in `TOLLGATE_DATA_DIR`.",
  ),
  TOLLGATE_SPOOL_FULL: setting(
    choice(["refuse", "serve"]),
    { proxy: preset("refuse") },
    "Whether calls under a dollar limit are refused or served while the spool disk is full. `refuse` answers 503. `serve` keeps usage in memory once the space reserved on the disk is used up.",
  ),

  // Secrets
  TOLLGATE_KEY_PEPPER: setting(
    key(),
    { proxy: REQUIRED, dashboard: REQUIRED, operator: REQUIRED, start: OPTIONAL, seed: REQUIRED },
    "Secret in the hash of every API key. Keep it: without it no key works.",
  ),
  TOLLGATE_AUDIT_KEY: setting(
    key(),
    { dashboard: REQUIRED, worker: OPTIONAL, operator: REQUIRED, start: OPTIONAL, seed: REQUIRED },
    "Key of the MACs that reveal changes of the audit log.",
  ),
  TOLLGATE_SEAL_PUBLIC_KEY: setting(
    key(),
    { dashboard: REQUIRED, operator: REQUIRED, start: OPTIONAL, seed: REQUIRED },
    "Seals provider secrets.",
  ),
  TOLLGATE_SEAL_PRIVATE_KEY: setting(
    key(),
    { proxy: REQUIRED, start: OPTIONAL },
    "Opens provider secrets. Keep it: without it every provider secret has to be entered again.",
  ),
  TOLLGATE_SEAL_PRIVATE_KEY_PREVIOUS: setting(
    key(),
    { proxy: OPTIONAL },
    "The private key before the last change. It still opens provider secrets, and ids of files, batches and responses, that were made with it.",
  ),
  TOLLGATE_CHANNEL_PUBLIC_KEY: setting(
    key(),
    { dashboard: REQUIRED, operator: REQUIRED, start: OPTIONAL, seed: REQUIRED },
    "Seals the addresses and secrets of alert channels.",
  ),
  TOLLGATE_CHANNEL_PRIVATE_KEY: setting(
    key(),
    { worker: REQUIRED, start: OPTIONAL },
    "Opens the addresses and secrets of alert channels. Keep it.",
  ),
  TOLLGATE_EVENT_KEY: setting(
    key(),
    { proxy: REQUIRED, worker: REQUIRED, start: OPTIONAL },
    "Signs usage on its way from proxy to worker. It is the same in all proxies and workers and nowhere else.",
  ),
  TOLLGATE_EVENT_KEY_PREVIOUS: setting(
    key(),
    { worker: OPTIONAL },
    "A second event key that the worker accepts while the first is replaced.",
  ),
  NEXTAUTH_SECRET: setting(secretText(16), { dashboard: REQUIRED, start: OPTIONAL }, "Signs dashboard sessions."),
  TOLLGATE_OPERATOR_TOKEN: setting(
    secretText(32),
    { dashboard: OPTIONAL },
    "Token with which the operator creates organisations and works with the quarantine by REST. Without it these endpoints are off.",
  ),

  // Organisations and people
  TOLLGATE_SIGN_UP: setting(
    choice(["closed", "open", "domains"]),
    { dashboard: preset("closed") },
    "Who may create an organisation once there is one: nobody, everybody, or people with an address of the listed domains. Addresses are not verified.",
  ),
  TOLLGATE_SIGN_UP_DOMAINS: setting(domains(), { dashboard: preset("") }, "The domains of `TOLLGATE_SIGN_UP=domains`."),
  TOLLGATE_PRIVATE_HOSTS: setting(
    privateHosts(),
    { proxy: preset(""), worker: preset(""), dashboard: preset(""), start: preset(""), seed: preset("") },
    "Private hosts, each with the slugs or ids of the organisations whose credentials and webhooks may point there; `*` is every organisation. Use ids where sign-up is open: anyone who creates an organisation can take a slug that is still free.",
  ),
  TOLLGATE_TRUSTED_PROXIES: setting(
    trustedProxies(),
    { proxy: preset(""), dashboard: preset("") },
    "Your reverse proxies. Only their `X-Forwarded-For` is used. Without it, all clients behind a reverse proxy count as one address: they share its sign-in attempts and its look-ups of unknown keys, and the proxy logs a warning.",
  ),
  TOLLGATE_SMTP_URL: setting(
    smtpUrl(),
    { worker: OPTIONAL },
    "Mail server for alerts, such as `smtp://user:password@host:587`. Without it no alert is sent by mail.",
  ),
  TOLLGATE_MAIL_FROM: setting(
    text("a mail address", 3),
    { worker: preset("Tollgate <tollgate@localhost>") },
    "Sender of alert mails.",
  ),
  TOLLGATE_OPERATOR_EMAIL: setting(
    addresses(),
    { worker: preset("") },
    "Who gets a mail when usage enters the quarantine, at most one an hour. It needs `TOLLGATE_SMTP_URL`.",
  ),

  // Calls
  TOLLGATE_BODY_BYTES_MAX: setting(whole(), { proxy: preset(32 * MIB) }, "Largest request body.", "bytes"),
  TOLLGATE_BODIES_BYTES_MAX: setting(
    whole(),
    { proxy: preset(256 * MIB) },
    "All request bodies and large answers in one proxy process together.",
    "bytes",
  ),
  TOLLGATE_CACHE_BYTES_MAX: setting(
    whole(),
    { proxy: preset(64 * MIB) },
    "Cached answers in one proxy process.",
    "bytes",
  ),
  TOLLGATE_RESPONSES_BYTES_MAX: setting(
    whole({ min: 0 }),
    { proxy: preset(64 * MIB) },
    "Kept responses of providers that store none: in Redis together, or without Redis in one proxy process. 0: none is kept.",
    "bytes",
  ),
  TOLLGATE_RESPONSES_TTL_MS: setting(
    whole({ min: 1_000, max: 30 * 86_400_000 }),
    { proxy: preset(3_600_000) },
    "How long such a response is kept after its last use.",
    "ms",
  ),
  TOLLGATE_BODY_TIMEOUT_MS: setting(whole(), { proxy: preset(30_000) }, "Time to receive a request body.", "ms"),
  TOLLGATE_CONNECT_TIMEOUT_MS: setting(whole(), { proxy: preset(5_000) }, "Time to connect to a provider.", "ms"),
  TOLLGATE_HEADER_TIMEOUT_MS: setting(
    whole(),
    { proxy: preset(600_000) },
    "Time until a provider's answer begins; five times that for images and transcriptions. An answer that is not streamed begins when all of it is made.",
    "ms",
  ),
  TOLLGATE_FIRST_TOKEN_TIMEOUT_MS: setting(
    whole(),
    { proxy: preset(300_000) },
    "Time until a model says something in a stream. Reasoning models are silent for minutes.",
    "ms",
  ),
  TOLLGATE_IDLE_TIMEOUT_MS: setting(
    whole(),
    { proxy: preset(300_000) },
    "Longest silence within a provider's answer; five times that for images and transcriptions.",
    "ms",
  ),
  TOLLGATE_TOTAL_TIMEOUT_MS: setting(
    whole(),
    { proxy: preset(600_000) },
    "Time for a whole call of a model without its own; a call may ask for less.",
    "ms",
  ),
  TOLLGATE_ORIGIN_CONCURRENCY: setting(
    whole(),
    { proxy: preset(2_048) },
    "Concurrent calls to one provider address, per proxy process. Further calls wait.",
  ),
  TOLLGATE_ORIGIN_WAIT_MS: setting(
    whole(),
    { proxy: preset(5_000) },
    "Longest wait of such a call. Then the next target is tried; without one the call gets 503 `overloaded`.",
    "ms",
  ),
  TOLLGATE_GUARDRAIL_THREADS: setting(
    whole({ min: 1, max: 16 }),
    { proxy: preset(3) },
    "Threads of each proxy process that check large prompts and regular expressions; started when needed. Below 3, one organisation's large prompts can delay those of others.",
  ),
  TOLLGATE_LEFT_DRAIN_MS: setting(
    whole({ min: 0, max: 30_000 }),
    { proxy: preset(0) },
    "How long the proxy reads a provider's answer after its client has left, to learn the usage. 0 stops it at once.",
    "ms",
  ),
  TOLLGATE_BROKEN_ANSWERS: setting(
    choice(["estimate", "reported", "zero"]),
    { proxy: preset("estimate") },
    "Usage in the ledger for an answer that broke off or took too long: an `estimate` where the provider reported nothing, only what it `reported`, or `zero`. Limits always count the estimate.",
  ),
  TOLLGATE_POLICY_ALERT_MS: setting(
    whole(),
    { proxy: preset(60_000) },
    "Policy (keys, limits, models) that cannot be read for longer than this is logged as an error and counted in the metrics.",
    "ms",
  ),
  TOLLGATE_POLICY_REFUSE_MS: setting(
    whole({ min: 0 }),
    { proxy: preset(0) },
    "Calls of an organisation whose policy is older than this get 503 `policy_unavailable`. 0 always serves with old policy. It bounds how long a revoked key works while the database cannot be read.",
    "ms",
  ),

  // Stopping and logs
  TOLLGATE_DRAIN_NOTICE_MS: setting(
    whole({ min: 0, max: 60_000 }),
    { proxy: preset(5_000), dashboard: preset(5_000), start: preset(0) },
    "How long a stopping process still accepts connections after `/readyz` turned 503, so that balancers notice.",
    "ms",
  ),
  TOLLGATE_DRAIN_MS: setting(
    whole({ min: 0, max: 3_600_000 }),
    { proxy: preset(60_000), worker: preset(60_000), dashboard: preset(60_000), start: preset(10_000) },
    "How long running calls, requests and jobs may continue after that. Then calls are cancelled and end with `server_shutdown`.",
    "ms",
  ),
  TOLLGATE_RETENTION_DAYS: setting(
    whole({ min: 100, max: 3_650 }),
    { worker: preset(400), start: OPTIONAL },
    "How many days requests and alerts are kept. An organisation can choose a shorter time. Spend and closed months keep their figures.",
  ),
  TOLLGATE_ATTRIBUTION_VALUES: setting(
    whole({ min: 1, max: 100_000 }),
    { worker: preset(1_000), start: OPTIONAL },
    "How many tags, customers and cost centres an organisation's spend shows by name in one month (UTC); ten times as many runs and end users. Later ones are counted together. A month keeps the number that it began with.",
  ),
  TOLLGATE_LOG_LEVEL: setting(
    logLevel(),
    { proxy: preset("info"), worker: preset("info"), dashboard: preset("info") },
    "Lowest level of the log lines that are written.",
  ),
} as const;
