-- How a credential authenticates, and its fields that are no secrets. The proxy uses those in the sealed box.

-- AlterTable
ALTER TABLE "credential" ADD COLUMN     "scheme" TEXT,
ADD COLUMN     "settings" JSONB NOT NULL DEFAULT '{}';
