// Requests in PostgreSQL: one way to change one, in one transaction, under locks in one order.
import { groupOf, HELPDESK_GROUP } from '../approval/policy.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { isOpen } from '../unblock/request.js';
import { inTransaction, isDuplicate, shareOrganisation } from './database.js';
import { readFacts } from './facts.js';
import { groupKey } from './people.js';
import { toCard, toRequest, toSealedCard } from './rows.js';
import { writeEntries } from './tell.js';
import { challengeMac, CodeSpentFirst, writeChange } from './write-change.js';
export class PrismaRequestStore {
    #parts;
    constructor(parts) {
        this.#parts = parts;
    }
    async open(draft, formId, policy, decide) {
        const { database, rowMac } = this.#parts;
        try {
            return await inTransaction(database, async (tx) => {
                await shareOrganisation(tx);
                const card = await lockCard(tx, draft.cardId);
                if (card === null)
                    return refuse('no-such-request');
                const at = this.#parts.clock();
                const facts = await this.#facts(tx, {
                    at,
                    card,
                    requesterId: draft.requesterId,
                    personIds: [draft.requesterId],
                    groups: groupsIn(policy.rules.flatMap((rule) => rule.approvals)),
                    challenge: draft.challenge,
                    by: null,
                });
                const decision = decide(facts.facts);
                if (isRefused(decision))
                    return decision;
                await writeChange(tx, decision, { at, by: null, card, before: null, rowMac });
                return { request: decision.request, repeated: false };
            });
        }
        catch (error) {
            // The partial unique index: this card has an open request, or this form opened one a moment ago.
            if (isDuplicate(error))
                return await this.#openedMeanwhile(formId);
            throw error;
        }
    }
    async update(id, by, decide, challenge) {
        const settled = await this.#step({ id, by, decide, challenge, compute: null });
        return isRefused(settled) ? settled : settled.saved;
    }
    async release(id, by, gate) {
        const settled = await this.#step({ id, by, ...gate });
        if (isRefused(settled))
            return settled;
        const { saved, response } = settled;
        // The step ended the request instead (the card was frozen, an approver lost their standing): nothing is shown.
        return response === null ? refuse('request-ended') : { request: saved.request, response };
    }
    async noteRefusedCode(requestId, actorId, scope) {
        const entry = { kind: 'code-refused', actor: actorId, requestId, cardId: null, personId: null, policyHash: null };
        const purpose = scope.split(':')[0] ?? '';
        await writeEntries(this.#parts.database, [{ ...entry, facts: { purpose } }], this.#parts.clock());
    }
    async #step(step) {
        const computed = [];
        try {
            return await inTransaction(this.#parts.database, async (tx) => {
                const locked = await this.#lock(tx, step.id);
                if (locked === null)
                    return refuse('no-such-request');
                const at = this.#parts.clock();
                const read = await this.#factsFor(tx, locked, { at, by: step.by, challenge: step.challenge });
                if (read.repeated && step.compute === null)
                    return { saved: { request: locked.request, repeated: true }, response: null };
                const decision = step.decide(locked.request, read.facts);
                if (isRefused(decision))
                    return decision;
                const response = step.compute === null ? null : await computeAnswer(step.compute, locked, decision);
                if (response !== null)
                    computed.push(response);
                await writeChange(tx, decision, { at, by: step.by, card: locked.card, before: locked.request, rowMac: this.#parts.rowMac });
                return { saved: { request: decision.request, repeated: false }, response };
            });
        }
        catch (error) {
            for (const response of computed)
                response.wipe();
            if (error instanceof CodeSpentFirst)
                return refuse('code-not-accepted');
            throw error;
        }
    }
    async #lock(tx, id) {
        await shareOrganisation(tx);
        const cards = await tx.$queryRaw `
      SELECT c.* FROM "Card" c JOIN "Request" r ON r."cardId" = c.id WHERE r.id = ${id}::uuid FOR UPDATE OF c`;
        const requests = await tx.$queryRaw `SELECT * FROM "Request" WHERE id = ${id}::uuid FOR UPDATE`;
        const [card, row] = [cards[0], requests[0]];
        return card === undefined || row === undefined ? null : { card, request: toRequest(row, this.#parts.rowMac) };
    }
    #factsFor(tx, { card, request }, { at, by, challenge }) {
        const voters = request.approvals.map(({ approverId }) => approverId);
        const actor = by === null ? [] : [by.actorId];
        return this.#facts(tx, {
            at,
            card,
            requesterId: request.requesterId,
            personIds: [request.requesterId, ...actor, ...voters],
            // Those who may be asked are needed once: when the requester's code was right.
            groups: request.state === 'opened' ? groupsIn(request.requirement.stages) : [],
            challenge: challenge ?? (isOpen(request) ? request.challenge : ''),
            by,
        });
    }
    async #facts(tx, query) {
        const { rowMac, auditFileTrouble } = this.#parts;
        const at = query.at.getTime();
        const card = toCard(query.card, rowMac);
        const mac = challengeMac(rowMac, card.id, query.challenge);
        const read = await readFacts(tx, { ...query, at, card, challengeMac: mac }, rowMac);
        const { people, counts, challengeAnswered, repeated } = read;
        const auditTrouble = auditFileTrouble() ?? (read.auditBehind ? 'audit-behind' : null);
        return { repeated, facts: { at, card, people, counts, challengeAnswered, auditTrouble } };
    }
    async #openedMeanwhile(formId) {
        const row = await this.#parts.database.request.findUnique({ where: { formId } });
        return row === null ? refuse('card-busy') : { request: toRequest(row, this.#parts.rowMac), repeated: true };
    }
}
async function lockCard(tx, id) {
    const rows = await tx.$queryRaw `SELECT * FROM "Card" WHERE id = ${id}::uuid FOR UPDATE`;
    return rows[0] ?? null;
}
/** Only for a request that is now answered: a decision that ended it instead computes nothing. */
async function computeAnswer(compute, { card }, decision) {
    return decision.request.state === 'answered' ? await compute(toSealedCard(card), decision.request) : null;
}
function groupsIn(stages) {
    const named = stages.flatMap(({ from }) => from).filter((source) => source !== 'manager');
    return [...new Set(named.map((source) => groupKey(source === 'helpdesk' ? HELPDESK_GROUP : groupOf(source))))];
}
