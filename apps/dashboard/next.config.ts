import path from "node:path";
import type { NextConfig } from "next";

const root = path.join(import.meta.dirname, "../..");

/** Headers without a nonce. `src/proxy.ts` makes the content security policy per request. */
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
];

const config: NextConfig = {
  output: "standalone",
  outputFileTracingRoot: root,
  turbopack: { root },
  poweredByHeader: false,
  devIndicators: false,
  images: { unoptimized: true },
  // TypeScript 7 has no compiler API for Next to call; `pnpm verify` checks the types.
  typescript: { ignoreBuildErrors: true },
  // A bulk creation of keys from the page sends up to 10,000 rows.
  experimental: { authInterrupts: true, serverActions: { bodySizeLimit: "4mb" } },
  transpilePackages: [
    "contracts",
    "control",
    "catalog",
    "policy",
    "limits",
    "vault",
    "dial",
    "jobs",
    "db",
    "service",
  ].map((p) => `@tollgate/${p}`),
  serverExternalPackages: [
    "@prisma/client",
    "@prisma/adapter-pg",
    "pg",
    "bullmq",
    "ioredis",
    "@node-rs/argon2",
    "libsodium-wrappers",
    "re2js",
    "prom-client",
  ],
  headers: async () => [{ source: "/(.*)", headers }],
};

export default config;
