-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "guardrail_stage" AS ENUM ('input', 'output');

-- CreateEnum
CREATE TYPE "guardrail_kind" AS ENUM ('keyword', 'regex', 'secret');

-- CreateEnum
CREATE TYPE "guardrail_action" AS ENUM ('block', 'redact', 'flag');

-- CreateEnum
CREATE TYPE "guardrail_mode" AS ENUM ('on', 'shadow');

-- CreateEnum
CREATE TYPE "on_failure" AS ENUM ('open', 'closed');

-- CreateEnum
CREATE TYPE "key_kind" AS ENUM ('live', 'test');

-- CreateEnum
CREATE TYPE "key_state" AS ENUM ('active', 'disabled', 'revoked');

-- CreateEnum
CREATE TYPE "limit_scope" AS ENUM ('organisation', 'team', 'member', 'key', 'model', 'tag', 'customer');

-- CreateEnum
CREATE TYPE "limit_unit" AS ENUM ('usd', 'requests', 'tokens', 'concurrent');

-- CreateEnum
CREATE TYPE "limit_window" AS ENUM ('minute', 'hour', 'day', 'week', 'month', 'quarter', 'total');

-- CreateEnum
CREATE TYPE "limit_mode" AS ENUM ('block', 'warn', 'shadow');

-- CreateEnum
CREATE TYPE "on_store_down" AS ENUM ('allow', 'refuse');

-- CreateEnum
CREATE TYPE "route" AS ENUM ('priority', 'weighted');

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'developer', 'finance');

-- CreateTable
CREATE TABLE "audit_entry" (
    "org_id" UUID NOT NULL,
    "sequence" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "actor_name" TEXT NOT NULL,
    "address" TEXT,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("org_id","sequence")
);

-- CreateTable
CREATE TABLE "guardrail" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "stage" "guardrail_stage" NOT NULL DEFAULT 'input',
    "kind" "guardrail_kind" NOT NULL,
    "patterns" JSONB NOT NULL DEFAULT '[]',
    "action" "guardrail_action" NOT NULL,
    "mode" "guardrail_mode" NOT NULL DEFAULT 'on',
    "on_failure" "on_failure" NOT NULL DEFAULT 'closed',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "guardrail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "virtual_key" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "public_id" TEXT NOT NULL,
    "kind" "key_kind" NOT NULL DEFAULT 'live',
    "name" TEXT NOT NULL,
    "team_id" UUID,
    "member_id" UUID,
    "state" "key_state" NOT NULL DEFAULT 'active',
    "last_four" TEXT NOT NULL,
    "allow" JSONB,
    "deny" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "virtual_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "key_secret" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "not_after" TIMESTAMPTZ(6),

    CONSTRAINT "key_secret_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "spend_limit" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "scope" "limit_scope" NOT NULL,
    "subject" TEXT,
    "unit" "limit_unit" NOT NULL,
    "window" "limit_window" NOT NULL,
    "anchor" TIMESTAMPTZ(6),
    "amount" BIGINT NOT NULL,
    "mode" "limit_mode" NOT NULL DEFAULT 'block',
    "thresholds" INTEGER[],
    "on_store_down" "on_store_down" NOT NULL DEFAULT 'allow',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spend_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "limit_counter" (
    "org_id" UUID NOT NULL,
    "limit_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(6) NOT NULL,
    "settled" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "limit_counter_pkey" PRIMARY KEY ("org_id","limit_id","subject","window_start")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "route" "route" NOT NULL DEFAULT 'priority',
    "cache_ttl_seconds" INTEGER NOT NULL DEFAULT 0,
    "max_output_tokens" INTEGER,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(6),

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "target" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "credential_id" UUID NOT NULL,
    "upstream_model" TEXT NOT NULL,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "weight" INTEGER NOT NULL DEFAULT 1,
    "position" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "suspended" BOOLEAN NOT NULL DEFAULT false,
    "budget_error_status" INTEGER NOT NULL DEFAULT 402,
    "allow" JSONB,
    "deny" JSONB NOT NULL DEFAULT '[]',
    "revision" BIGINT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "allow" JSONB,
    "deny" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_attempt" (
    "id" UUID NOT NULL,
    "bucket" TEXT NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_membership" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "lead" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "team_membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_token" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "public_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "hash" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6),
    "revoked_at" TIMESTAMPTZ(6),
    "last_used_at" TIMESTAMPTZ(6),

    CONSTRAINT "admin_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotent_request" (
    "org_id" UUID NOT NULL,
    "token_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "status" INTEGER,
    "response" BYTEA,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotent_request_pkey" PRIMARY KEY ("org_id","token_id","key")
);

-- CreateTable
CREATE TABLE "usage_event" (
    "id" UUID NOT NULL,
    "org_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL,
    "team_id" UUID,
    "member_id" UUID,
    "key_id" UUID NOT NULL,
    "model_id" UUID,
    "model" TEXT NOT NULL,
    "surface" TEXT NOT NULL,
    "stream" BOOLEAN NOT NULL,
    "status" INTEGER NOT NULL,
    "error" TEXT,
    "error_message" TEXT,
    "outcome" TEXT NOT NULL,
    "provider" TEXT,
    "upstream_model" TEXT,
    "credential_id" TEXT,
    "attempts" JSONB NOT NULL,
    "attempt_count" INTEGER NOT NULL,
    "cache" TEXT NOT NULL,
    "input_tokens" INTEGER NOT NULL,
    "cache_read_tokens" INTEGER NOT NULL,
    "cache_write_5m_tokens" INTEGER NOT NULL,
    "cache_write_1h_tokens" INTEGER NOT NULL,
    "audio_input_tokens" INTEGER NOT NULL,
    "output_tokens" INTEGER NOT NULL,
    "reasoning_tokens" INTEGER NOT NULL,
    "audio_output_tokens" INTEGER NOT NULL,
    "searches" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "cost_nano" DECIMAL(38,0),
    "held_nano" DECIMAL(38,0),
    "pricing" TEXT NOT NULL,
    "price_version" TEXT,
    "flags" TEXT[],
    "guardrails" JSONB NOT NULL,
    "tags" JSONB NOT NULL,
    "customer" TEXT,
    "client_request_id" TEXT,
    "metadata" TEXT,
    "total_ms" DOUBLE PRECISION NOT NULL,
    "first_token_ms" DOUBLE PRECISION,
    "overhead_ms" DOUBLE PRECISION NOT NULL,
    "ingested_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_event_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

-- CreateTable
CREATE TABLE "usage_minute" (
    "org_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "status_class" TEXT NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,
    "cache_hits" BIGINT NOT NULL DEFAULT 0,
    "unpriced" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "reasoning_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "usage_minute_pkey" PRIMARY KEY ("org_id","slot","team_id","member_id","key_id","model","provider","status_class")
);

-- CreateTable
CREATE TABLE "usage_hour" (
    "org_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "status_class" TEXT NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,
    "cache_hits" BIGINT NOT NULL DEFAULT 0,
    "unpriced" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "reasoning_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "usage_hour_pkey" PRIMARY KEY ("org_id","slot","team_id","member_id","key_id","model","provider","status_class")
);

-- CreateTable
CREATE TABLE "usage_day" (
    "org_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "status_class" TEXT NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,
    "cache_hits" BIGINT NOT NULL DEFAULT 0,
    "unpriced" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_read_tokens" BIGINT NOT NULL DEFAULT 0,
    "cache_write_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "reasoning_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "usage_day_pkey" PRIMARY KEY ("org_id","slot","team_id","member_id","key_id","model","provider","status_class")
);

-- CreateTable
CREATE TABLE "usage_latency" (
    "org_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "bucket" INTEGER NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_latency_pkey" PRIMARY KEY ("org_id","slot","model","provider","kind","bucket")
);

-- CreateTable
CREATE TABLE "usage_label" (
    "org_id" UUID NOT NULL,
    "slot" TIMESTAMPTZ(6) NOT NULL,
    "kind" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "requests" BIGINT NOT NULL DEFAULT 0,
    "unpriced" BIGINT NOT NULL DEFAULT 0,
    "input_tokens" BIGINT NOT NULL DEFAULT 0,
    "output_tokens" BIGINT NOT NULL DEFAULT 0,
    "cost_nano" DECIMAL(38,0) NOT NULL DEFAULT 0,

    CONSTRAINT "usage_label_pkey" PRIMARY KEY ("org_id","slot","kind","label")
);

-- CreateTable
CREATE TABLE "spool_cursor" (
    "spool_id" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "pending" JSONB NOT NULL DEFAULT '[]',
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spool_cursor_pkey" PRIMARY KEY ("spool_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "guardrail_org_id_id_key" ON "guardrail"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "guardrail_org_id_name_key" ON "guardrail"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_public_id_key" ON "virtual_key"("public_id");

-- CreateIndex
CREATE INDEX "virtual_key_org_id_created_at_idx" ON "virtual_key"("org_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_org_id_id_key" ON "virtual_key"("org_id", "id");

-- CreateIndex
CREATE INDEX "key_secret_org_id_key_id_idx" ON "key_secret"("org_id", "key_id");

-- CreateIndex
CREATE UNIQUE INDEX "spend_limit_org_id_id_key" ON "spend_limit"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_org_id_id_key" ON "credential"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "credential_org_id_name_key" ON "credential"("org_id", "name") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "model_org_id_id_key" ON "model"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "model_org_id_name_key" ON "model"("org_id", "name") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "target_org_id_model_id_idx" ON "target"("org_id", "model_id");

-- CreateIndex
CREATE INDEX "target_org_id_credential_id_idx" ON "target"("org_id", "credential_id");

-- CreateIndex
CREATE UNIQUE INDEX "target_org_id_id_key" ON "target"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "organisation_slug_key" ON "organisation"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "team_org_id_id_key" ON "team"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "team_org_id_name_key" ON "team"("org_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_email_key" ON "app_user"("email");

-- CreateIndex
CREATE INDEX "user_session_user_id_idx" ON "user_session"("user_id");

-- CreateIndex
CREATE INDEX "sign_in_attempt_bucket_at_idx" ON "sign_in_attempt"("bucket", "at");

-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_org_id_id_key" ON "membership"("org_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "membership_org_id_user_id_key" ON "membership"("org_id", "user_id");

-- CreateIndex
CREATE INDEX "team_membership_org_id_member_id_idx" ON "team_membership"("org_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "team_membership_org_id_team_id_member_id_key" ON "team_membership"("org_id", "team_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "admin_token_public_id_key" ON "admin_token"("public_id");

-- CreateIndex
CREATE UNIQUE INDEX "admin_token_org_id_id_key" ON "admin_token"("org_id", "id");

-- CreateIndex
CREATE INDEX "usage_event_org_id_id_idx" ON "usage_event"("org_id", "id" DESC);

-- CreateIndex
CREATE INDEX "usage_event_org_id_key_id_id_idx" ON "usage_event"("org_id", "key_id", "id" DESC);

-- AddForeignKey
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "guardrail" ADD CONSTRAINT "guardrail_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_team_fkey" FOREIGN KEY ("org_id", "team_id") REFERENCES "team"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_member_fkey" FOREIGN KEY ("org_id", "member_id") REFERENCES "membership"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_secret" ADD CONSTRAINT "key_secret_org_id_key_id_fkey" FOREIGN KEY ("org_id", "key_id") REFERENCES "virtual_key"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "spend_limit" ADD CONSTRAINT "spend_limit_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "limit_counter" ADD CONSTRAINT "limit_counter_org_id_limit_id_fkey" FOREIGN KEY ("org_id", "limit_id") REFERENCES "spend_limit"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_org_id_model_id_fkey" FOREIGN KEY ("org_id", "model_id") REFERENCES "model"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_org_id_credential_id_fkey" FOREIGN KEY ("org_id", "credential_id") REFERENCES "credential"("org_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_membership" ADD CONSTRAINT "team_membership_org_id_team_id_fkey" FOREIGN KEY ("org_id", "team_id") REFERENCES "team"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_membership" ADD CONSTRAINT "team_membership_org_id_member_id_fkey" FOREIGN KEY ("org_id", "member_id") REFERENCES "membership"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_token" ADD CONSTRAINT "admin_token_org_id_fkey" FOREIGN KEY ("org_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "idempotent_request" ADD CONSTRAINT "idempotent_request_org_id_token_id_fkey" FOREIGN KEY ("org_id", "token_id") REFERENCES "admin_token"("org_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;


