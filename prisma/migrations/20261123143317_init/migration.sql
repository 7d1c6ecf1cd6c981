-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "kind" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "VaultKey" (
    "name" TEXT NOT NULL,
    "kekId" TEXT NOT NULL,
    "wrappedKey" BYTEA NOT NULL,
    "sealed" BYTEA NOT NULL,

    CONSTRAINT "VaultKey_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "managerId" TEXT,
    "groups" TEXT[],
    "site" TEXT,
    "locale" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ChatIdentity" (
    "id" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "ChatIdentity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Card" (
    "id" UUID NOT NULL,
    "serial" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "profile" TEXT NOT NULL,
    "unlock" TEXT NOT NULL,
    "holderId" TEXT,
    "state" TEXT NOT NULL,
    "refusedResponses" INTEGER NOT NULL DEFAULT 0,
    "keyVersion" INTEGER NOT NULL,
    "kcv" TEXT NOT NULL,
    "keyDigest" BYTEA NOT NULL,
    "kekId" TEXT NOT NULL,
    "wrappedKey" BYTEA NOT NULL,
    "sealedKey" BYTEA NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Card_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AnsweredChallenge" (
    "cardId" UUID NOT NULL,
    "challengeMac" BYTEA NOT NULL,
    "requestId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AnsweredChallenge_pkey" PRIMARY KEY ("cardId","challengeMac")
);

-- CreateTable
CREATE TABLE "Authenticator" (
    "id" UUID NOT NULL,
    "personId" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "kekId" TEXT NOT NULL,
    "wrappedKey" BYTEA NOT NULL,
    "sealedSeed" BYTEA NOT NULL,
    "lastStep" BIGINT NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "activatedAt" TIMESTAMPTZ(3),
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Authenticator_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RecoveryCode" (
    "id" UUID NOT NULL,
    "personId" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Invitation" (
    "id" UUID NOT NULL,
    "personId" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GuessScope" (
    "key" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GuessScope_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "GuessAttempt" (
    "formId" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "codeMac" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "GuessAttempt_pkey" PRIMARY KEY ("formId","actorId","codeMac")
);

-- CreateTable
CREATE TABLE "Request" (
    "id" UUID NOT NULL,
    "formId" TEXT NOT NULL,
    "cardId" UUID NOT NULL,
    "requesterId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadlineAt" TIMESTAMPTZ(3),
    "body" JSONB NOT NULL,
    "mac" BYTEA NOT NULL,

    CONSTRAINT "Request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Submission" (
    "formId" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "requestId" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Submission_pkey" PRIMARY KEY ("formId","actorId")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" UUID NOT NULL,
    "requestId" UUID,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "params" JSONB NOT NULL,
    "wanted" INTEGER NOT NULL,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "claimedUntil" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMPTZ(3) NOT NULL,
    "lastError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MessageRef" (
    "id" UUID NOT NULL,
    "noticeId" UUID NOT NULL,
    "platform" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "messageId" TEXT NOT NULL,
    "sent" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MessageRef_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "body" TEXT NOT NULL,
    "index" INTEGER,
    "leaf" BYTEA,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditCheckpoint" (
    "size" INTEGER NOT NULL,
    "root" BYTEA NOT NULL,
    "frontier" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "AuditCheckpoint_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "PolicyText" (
    "hash" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PolicyText_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "Person_email_key" ON "Person"("email");

-- CreateIndex
CREATE INDEX "Person_managerId_idx" ON "Person"("managerId");

-- CreateIndex
CREATE INDEX "Person_groups_idx" ON "Person" USING GIN ("groups");

-- CreateIndex
CREATE INDEX "ChatIdentity_personId_idx" ON "ChatIdentity"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "ChatIdentity_platform_tenant_userId_key" ON "ChatIdentity"("platform", "tenant", "userId");

-- CreateIndex
CREATE UNIQUE INDEX "Card_serial_key" ON "Card"("serial");

-- CreateIndex
CREATE UNIQUE INDEX "Card_keyDigest_key" ON "Card"("keyDigest");

-- CreateIndex
CREATE INDEX "Card_holderId_idx" ON "Card"("holderId");

-- CreateIndex
CREATE INDEX "AnsweredChallenge_at_idx" ON "AnsweredChallenge"("at");

-- CreateIndex
CREATE INDEX "Authenticator_personId_state_idx" ON "Authenticator"("personId", "state");

-- CreateIndex
CREATE INDEX "RecoveryCode_personId_idx" ON "RecoveryCode"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "Invitation_digest_key" ON "Invitation"("digest");

-- CreateIndex
CREATE INDEX "GuessScope_at_idx" ON "GuessScope"("at");

-- CreateIndex
CREATE INDEX "GuessAttempt_at_idx" ON "GuessAttempt"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Request_formId_key" ON "Request"("formId");

-- CreateIndex
CREATE INDEX "Request_deadlineAt_idx" ON "Request"("deadlineAt");

-- CreateIndex
CREATE INDEX "Request_requesterId_openedAt_idx" ON "Request"("requesterId", "openedAt");

-- CreateIndex
CREATE INDEX "Request_cardId_idx" ON "Request"("cardId");

-- CreateIndex
CREATE INDEX "Submission_at_idx" ON "Submission"("at");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_requestId_recipient_key" ON "Notice"("requestId", "recipient");

-- CreateIndex
CREATE UNIQUE INDEX "MessageRef_noticeId_platform_address_key" ON "MessageRef"("noticeId", "platform", "address");

-- CreateIndex
CREATE UNIQUE INDEX "AuditEntry_index_key" ON "AuditEntry"("index");

-- AddForeignKey
ALTER TABLE "Person" ADD CONSTRAINT "Person_managerId_fkey" FOREIGN KEY ("managerId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChatIdentity" ADD CONSTRAINT "ChatIdentity_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Card" ADD CONSTRAINT "Card_holderId_fkey" FOREIGN KEY ("holderId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AnsweredChallenge" ADD CONSTRAINT "AnsweredChallenge_cardId_fkey" FOREIGN KEY ("cardId") REFERENCES "Card"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Authenticator" ADD CONSTRAINT "Authenticator_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RecoveryCode" ADD CONSTRAINT "RecoveryCode_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Request" ADD CONSTRAINT "Request_cardId_fkey" FOREIGN KEY ("cardId") REFERENCES "Card"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Request" ADD CONSTRAINT "Request_requesterId_fkey" FOREIGN KEY ("requesterId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notice" ADD CONSTRAINT "Notice_requestId_fkey" FOREIGN KEY ("requestId") REFERENCES "Request"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MessageRef" ADD CONSTRAINT "MessageRef_noticeId_fkey" FOREIGN KEY ("noticeId") REFERENCES "Notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema cannot say: partial indexes.
-- One open request a card.
CREATE UNIQUE INDEX "Request_one_open_per_card" ON "Request"("cardId")
  WHERE "state" IN ('opened', 'awaiting-approval', 'approved', 'answered');
-- Entries that wait for their place in the audit tree.
CREATE INDEX "AuditEntry_unsequenced" ON "AuditEntry"("id") WHERE "index" IS NULL;
-- Notices that are behind.
CREATE INDEX "Notice_behind" ON "Notice"("nextAttemptAt") WHERE "sent" < "wanted";
