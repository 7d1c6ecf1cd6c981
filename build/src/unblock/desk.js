// The counter where requests are handed in: each step checks the code, then changes the request in one transaction.
import { parseChallenge } from '../card/challenge.js';
import { looksRandom } from '../card/looks-random.js';
import { findProfile } from '../card/profile.js';
import { computeResponse } from '../card/response.js';
import { toHex, fromHex } from '../lib/bytes.js';
import { newId } from '../lib/ids.js';
import { inertText } from '../lib/inert-text.js';
import { isRefused, refuse } from '../lib/refusal.js';
import { requestScope, voteScope } from '../stepup/throttle.js';
import { decideApprove, decideCancel, decideCodesSpent, decideDeadline, decideDeny, decideFreeze, decideNewChallenge, decideOpening, decideOutcome, decideProof, decideRelease, } from './decisions.js';
import { isOpen } from './request.js';
import { roleOf } from './standing.js';
export const REASON_MAX_LENGTH = 200;
export class UnblockDesk {
    #parts;
    constructor(parts) {
        this.#parts = parts;
    }
    cardsOf(personId) {
        return this.#parts.reader.cardsOf(personId);
    }
    picture(requestId) {
        return this.#parts.reader.picture(requestId);
    }
    /** The open request for a card, or null. */
    openFor(cardId) {
        return this.#parts.reader.openFor(cardId);
    }
    /**
     * Opens a request and proves the requester. The form may come back with a corrected code: it is the same request.
     * A request of theirs for this card that still waits for its first code is taken up again.
     */
    async open(form) {
        const card = (await this.cardsOf(form.actorId)).find(({ id }) => id === form.cardId);
        if (card === undefined)
            return refuse('no-card');
        const challenge = readChallenge(form.challenge, card);
        if (isRefused(challenge) || 'confirm' in challenge)
            return challenge;
        const reason = inertText(form.reason, REASON_MAX_LENGTH);
        if (reason === '')
            return refuse('no-reason');
        const waiting = await this.#waitingRequest(form, challenge.hex, reason);
        if (isRefused(waiting))
            return waiting;
        const step = { actorId: form.actorId, formId: form.formId, requestId: waiting.id };
        if (waiting.state !== 'opened')
            return await this.#outcomeBefore(step, waiting);
        return this.#prove(step, form.code, challenge.hex === waiting.challenge ? null : challenge.hex);
    }
    async approve(step, code) {
        const picture = await this.picture(step.requestId);
        if (picture === null)
            return refuse('no-such-request');
        const person = await this.#parts.reader.person(step.actorId);
        const people = person === null ? picture.people : new Map(picture.people).set(person.id, person);
        if (roleOf(picture.request, people, step.actorId) === null)
            return refuse('not-your-decision');
        const spend = await this.#check(step, code, voteScope(step.requestId, step.actorId));
        if (isRefused(spend))
            return spend;
        return this.#update(step, 'approve', (request, facts) => decideApprove(request, facts, step.actorId, spend));
    }
    async deny(step, why) {
        const reason = inertText(why, REASON_MAX_LENGTH);
        if (reason === '')
            return refuse('no-reason');
        return this.#update(step, 'deny', (request, facts) => decideDeny(request, facts, step.actorId, reason));
    }
    /** A new challenge with a fresh code: before the response was shown, or after the card refused it (the next round). */
    async newChallenge(step, text, code) {
        const picture = await this.#own(step);
        if (isRefused(picture))
            return picture;
        const challenge = readChallenge(text, picture.card);
        if (isRefused(challenge) || 'confirm' in challenge)
            return challenge;
        const spend = await this.#check(step, code, requestScope(step.requestId));
        if (isRefused(spend))
            return spend;
        return this.#update(step, 'new-challenge', (request, facts) => decideNewChallenge(request, facts, challenge.hex, spend), challenge.hex);
    }
    /**
     * The response, after every check under the locks and a committed audit entry that says so.
     * `text`: the challenge if the PC shows another one by now; `code`: the fresh code, where one is needed.
     */
    async reveal(step, { text, code }) {
        const picture = await this.#own(step);
        if (isRefused(picture))
            return picture;
        const challenge = text === null ? null : readChallenge(text, picture.card);
        if (challenge !== null && (isRefused(challenge) || 'confirm' in challenge))
            return challenge;
        const spend = code === null ? null : await this.#check(step, code, requestScope(step.requestId));
        if (isRefused(spend))
            return spend;
        const loaded = this.#parts.policy();
        const proof = { loaded, spend, challenge: challenge?.hex ?? null };
        return this.#parts.store.release(step.requestId, { actorId: step.actorId, formId: step.formId, action: 'reveal' }, {
            decide: (request, facts) => decideRelease(request, facts, proof),
            compute: (card, request) => this.#answer(card, request),
            challenge: proof.challenge,
        });
    }
    async outcome(step, worked) {
        const picture = await this.#own(step);
        if (isRefused(picture))
            return picture;
        return this.#update(step, worked ? 'worked' : 'refused', (request, facts) => decideOutcome(request, facts, worked));
    }
    async cancel(step) {
        const picture = await this.#own(step);
        if (isRefused(picture))
            return picture;
        return this.#update(step, 'cancel', decideCancel);
    }
    /** "This was not me": freezes the card and stops the person's authenticator. */
    async freeze(step) {
        const picture = await this.#own(step);
        if (isRefused(picture))
            return picture;
        return this.#update(step, 'freeze', decideFreeze);
    }
    /** Brings about what is due: reminders and ends. Safe to run in several processes at once. Returns how many changed. */
    async tick(limit = 100) {
        const due = await this.#parts.reader.due(this.#parts.clock(), limit);
        let changed = 0;
        for (const id of due) {
            const saved = await this.#parts.store.update(id, null, decideDeadline, null);
            if (!isRefused(saved))
                changed += 1;
        }
        return changed;
    }
    /** The request that this form opened or takes up again, in whatever state it is by now; else a new one. */
    async #waitingRequest(form, challenge, reason) {
        const { store, reader } = this.#parts;
        const before = (await reader.openedBy(form.formId)) ?? (await reader.openFor(form.cardId));
        if (before !== null && before.requesterId === form.actorId)
            return before;
        if (before !== null)
            return refuse('card-busy');
        const draft = { id: newId(), cardId: form.cardId, requesterId: form.actorId, challenge };
        const opening = { draft, formId: form.formId, reason, loaded: this.#parts.policy() };
        const saved = await store.open(draft, form.formId, opening.loaded.policy, (facts) => decideOpening(facts, opening));
        return isRefused(saved) ? saved : saved.request;
    }
    /** A request past its first code: a repeat of the form that brought it there, or another form while one is open. */
    async #outcomeBefore(step, request) {
        const known = await this.#parts.reader.tookEffect(step.formId, step.actorId);
        if (known)
            return { request, repeated: true };
        return isOpen(request) ? refuse('card-busy') : refuse('request-closed');
    }
    async #prove(step, code, challenge) {
        const spend = await this.#check(step, code, requestScope(step.requestId));
        if (isRefused(spend)) {
            if (spend.refused === 'codes-spent')
                await this.#parts.store.update(step.requestId, null, decideCodesSpent, null);
            return spend;
        }
        return this.#update(step, 'open', (request, facts) => decideProof(request, facts, spend, challenge), challenge);
    }
    /** A code that is right and not yet spent, or one and the same refusal whatever was wrong with it. */
    async #check(step, code, scope) {
        const verdict = await this.#parts.stepUp.check({
            personId: step.actorId,
            code,
            scopes: [scope],
            attempt: { formId: step.formId, actorId: step.actorId },
            at: this.#parts.clock(),
        });
        if (verdict.kind === 'proof')
            return verdict.spend;
        await this.#parts.store.noteRefusedCode(step.requestId, step.actorId, scope.key);
        return refuse(verdict.scopeExhausted ? 'codes-spent' : 'code-not-accepted');
    }
    async #own(step) {
        const picture = await this.picture(step.requestId);
        if (picture === null)
            return refuse('no-such-request');
        return picture.request.requesterId === step.actorId ? picture : refuse('not-your-request');
    }
    #update(step, action, decide, challenge = null) {
        const by = { actorId: step.actorId, formId: step.formId, action };
        return this.#parts.store.update(step.requestId, by, decide, challenge);
    }
    /** The only place where a card's key meets a challenge. */
    #answer(card, request) {
        if (request.state !== 'answered')
            throw new Error('a response is computed for an answered request only');
        const challenge = fromHex(request.challenge);
        const profile = findProfile(card.profile);
        if (challenge === null || profile === null)
            throw new Error(`request ${request.id} cannot be computed`);
        return this.#parts.vault.withCardKey(card, (key) => computeResponse(profile, key, challenge));
    }
}
function readChallenge(text, card) {
    const profile = findProfile(card.profile);
    if (profile === null || profile.unlock !== 'cryptogram')
        return refuse('no-challenge-response');
    const read = parseChallenge(text, profile.challengeBytes);
    if (isRefused(read))
        return read;
    if (!looksRandom(read.bytes))
        return refuse('challenge-not-random');
    return read.repaired.length > 0 ? { confirm: read } : { hex: toHex(read.bytes) };
}
