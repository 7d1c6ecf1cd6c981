-- CreateTable
CREATE TABLE "BreakGlassSet" (
    "id" UUID NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "issuedBy" TEXT[],
    "people" TEXT[],
    "endedAt" TIMESTAMPTZ(3),
    "mac" BYTEA NOT NULL,

    CONSTRAINT "BreakGlassSet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BreakGlassCode" (
    "id" UUID NOT NULL,
    "setId" UUID NOT NULL,
    "personId" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "requestId" UUID,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "BreakGlassCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BreakGlassUse" (
    "id" UUID NOT NULL,
    "requestId" UUID NOT NULL,
    "cardId" UUID NOT NULL,
    "requesterId" TEXT NOT NULL,
    "by" TEXT[],
    "reason" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "reports" INTEGER NOT NULL DEFAULT 0,
    "reportedAt" TIMESTAMPTZ(3),
    "acknowledgedAt" TIMESTAMPTZ(3),
    "acknowledgedBy" TEXT,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "BreakGlassUse_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "BreakGlassCode_setId_idx" ON "BreakGlassCode"("setId");

-- CreateIndex
CREATE INDEX "BreakGlassUse_acknowledgedAt_idx" ON "BreakGlassUse"("acknowledgedAt");

-- AddForeignKey
ALTER TABLE "BreakGlassCode" ADD CONSTRAINT "BreakGlassCode_setId_fkey" FOREIGN KEY ("setId") REFERENCES "BreakGlassSet"("id") ON DELETE CASCADE ON UPDATE CASCADE;
