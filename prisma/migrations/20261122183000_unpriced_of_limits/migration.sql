-- AlterTable
ALTER TABLE "limit_counter" ADD COLUMN     "unpriced" BIGINT NOT NULL DEFAULT 0;
