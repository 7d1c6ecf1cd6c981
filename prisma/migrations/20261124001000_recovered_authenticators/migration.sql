-- AlterTable
ALTER TABLE "Authenticator" ADD COLUMN     "recoveredAt" TIMESTAMPTZ(3);
