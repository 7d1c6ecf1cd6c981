-- AlterTable
ALTER TABLE "ChatIdentity" ADD COLUMN     "locale" TEXT;

-- AlterTable
ALTER TABLE "SlackDialog" ADD COLUMN     "locale" TEXT;
