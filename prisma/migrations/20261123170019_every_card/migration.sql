-- AlterTable
ALTER TABLE "Card" ADD COLUMN     "diversifier" BYTEA,
ADD COLUMN     "importId" UUID,
ADD COLUMN     "masterKeyId" UUID,
ALTER COLUMN "keyDigest" DROP NOT NULL,
ALTER COLUMN "kekId" DROP NOT NULL,
ALTER COLUMN "wrappedKey" DROP NOT NULL,
ALTER COLUMN "sealedKey" DROP NOT NULL;

-- CreateTable
CREATE TABLE "MasterKey" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "scheme" TEXT NOT NULL,
    "kcv" TEXT NOT NULL,
    "kekId" TEXT NOT NULL,
    "wrappedKey" BYTEA NOT NULL,
    "sealedKey" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "MasterKey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CardImport" (
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "cards" INTEGER NOT NULL,
    "digest" BYTEA NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "decidedBy" TEXT,
    "decidedAt" TIMESTAMPTZ(3),
    "mac" BYTEA NOT NULL,

    CONSTRAINT "CardImport_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "MasterKey_name_version_key" ON "MasterKey"("name", "version");

-- CreateIndex
CREATE INDEX "Card_importId_idx" ON "Card"("importId");

-- AddForeignKey
ALTER TABLE "Card" ADD CONSTRAINT "Card_masterKeyId_fkey" FOREIGN KEY ("masterKeyId") REFERENCES "MasterKey"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Card" ADD CONSTRAINT "Card_importId_fkey" FOREIGN KEY ("importId") REFERENCES "CardImport"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
