-- AlterTable
ALTER TABLE "Authenticator" ADD COLUMN     "seedDigest" BYTEA;

-- AlterTable
ALTER TABLE "Invitation" ADD COLUMN     "authenticatorId" UUID,
ADD COLUMN     "issuedBy" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "Authenticator_seedDigest_key" ON "Authenticator"("seedDigest");
