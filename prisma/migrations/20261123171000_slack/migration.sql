-- CreateTable
CREATE TABLE "SlackInstallation" (
    "id" UUID NOT NULL,
    "tenant" TEXT NOT NULL,
    "teamId" TEXT,
    "enterpriseId" TEXT,
    "orgWide" BOOLEAN NOT NULL,
    "appId" TEXT NOT NULL,
    "botId" TEXT NOT NULL,
    "botUserId" TEXT NOT NULL,
    "scopes" TEXT[],
    "installedBy" TEXT NOT NULL,
    "installedAt" TIMESTAMPTZ(3) NOT NULL,
    "kekId" TEXT NOT NULL,
    "wrappedKey" BYTEA NOT NULL,
    "sealedTokens" BYTEA NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "SlackInstallation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SlackInstallState" (
    "digest" BYTEA NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SlackInstallState_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "SlackDelivery" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SlackDelivery_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "SlackDialog" (
    "viewId" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "emptyAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SlackDialog_pkey" PRIMARY KEY ("viewId")
);

-- CreateIndex
CREATE UNIQUE INDEX "SlackInstallation_tenant_key" ON "SlackInstallation"("tenant");

-- CreateIndex
CREATE INDEX "SlackInstallation_enterpriseId_idx" ON "SlackInstallation"("enterpriseId");

-- CreateIndex
CREATE INDEX "SlackInstallState_expiresAt_idx" ON "SlackInstallState"("expiresAt");

-- CreateIndex
CREATE INDEX "SlackDelivery_at_idx" ON "SlackDelivery"("at");

-- CreateIndex
CREATE INDEX "SlackDialog_emptyAt_idx" ON "SlackDialog"("emptyAt");
