-- CreateTable
CREATE TABLE "TeamsConversation" (
    "id" UUID NOT NULL,
    "tenant" TEXT NOT NULL,
    "conversationId" TEXT NOT NULL,
    "userId" TEXT,
    "serviceUrl" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "TeamsConversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TeamsDelivery" (
    "key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "TeamsDelivery_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "TeamsConversation_conversationId_key" ON "TeamsConversation"("conversationId");

-- CreateIndex
CREATE UNIQUE INDEX "TeamsConversation_tenant_userId_key" ON "TeamsConversation"("tenant", "userId");

-- CreateIndex
CREATE INDEX "TeamsDelivery_at_idx" ON "TeamsDelivery"("at");
