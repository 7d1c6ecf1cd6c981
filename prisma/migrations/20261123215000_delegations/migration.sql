-- CreateTable
CREATE TABLE "Delegation" (
    "personId" TEXT NOT NULL,
    "standInId" TEXT NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Delegation_pkey" PRIMARY KEY ("personId")
);

-- CreateIndex
CREATE INDEX "Delegation_standInId_idx" ON "Delegation"("standInId");

-- AddForeignKey
ALTER TABLE "Delegation" ADD CONSTRAINT "Delegation_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Delegation" ADD CONSTRAINT "Delegation_standInId_fkey" FOREIGN KEY ("standInId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
