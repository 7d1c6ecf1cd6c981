-- AlterTable
ALTER TABLE "Card" ADD COLUMN     "sponsorId" TEXT,
ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "PolicyInForce" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "hash" TEXT NOT NULL,
    "by" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "PolicyInForce_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Breaker" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "state" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "releasedAt" TIMESTAMPTZ(3),
    "releasedBy" TEXT[],
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Breaker_pkey" PRIMARY KEY ("id")
);

-- AddForeignKey
ALTER TABLE "Card" ADD CONSTRAINT "Card_sponsorId_fkey" FOREIGN KEY ("sponsorId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Refused codes are counted over the last hour.
CREATE INDEX "AuditEntry_refused_codes" ON "AuditEntry"("at") WHERE "body" LIKE '%"kind":"code-refused"%';
