import { plainCode, readCode } from './code-text.js';
import { findRecoveryCode } from './recovery.js';
import { dayScope, momentToCheck } from './throttle.js';
import { matchTotp, newSeed, TOTP_ALGORITHM } from './totp.js';
export class StepUp {
    #store;
    #vault;
    #rowMac;
    #nobody = null;
    constructor({ store, vault, rowMac }) {
        this.#store = store;
        this.#vault = vault;
        this.#rowMac = rowMac;
    }
    /**
     * One guess, counted and then checked. Whoever has no authenticator, or a locked one, costs the same work: a stranger's
     * seed is opened instead. Throws VaultError when the person's sealed seed was changed.
     */
    async check(guess) {
        const authenticator = await this.#store.activeAuthenticator(guess.personId);
        const scopes = [...guess.scopes, dayOf(guess)];
        const reservation = await this.#reserve(guess, scopes, authenticator);
        const subject = subjectOf(authenticator, reservation, guess.at);
        const match = await this.#match(guess, subject);
        if (subject !== null && match !== null)
            return { kind: 'proof', spend: spendOf(match, subject.authenticator, scopes) };
        return { kind: 'not-accepted', scopeExhausted: isExhausted(guess.scopes, reservation) };
    }
    #reserve(guess, scopes, authenticator) {
        const { personId, attempt, at } = guess;
        const codeMac = this.#rowMac.digest('guess', personId, attempt.formId, attempt.actorId, plainCode(guess.code));
        return this.#store.reserveGuess({
            authenticatorId: authenticator?.id ?? null,
            countsAgainstAuthenticator: attempt.actorId === personId,
            scopes,
            attempt: { ...attempt, codeMac },
            at,
        });
    }
    async #match(guess, subject) {
        const typed = readCode(guess.code);
        if (typed?.kind === 'recovery')
            return this.#matchRecovery(typed.text, guess.personId, subject);
        // What is no code at all is checked like a wrong one.
        const step = await this.#matchTotp(typed?.digits ?? '', guess, subject);
        return step === null ? null : { kind: 'totp', step };
    }
    async #matchTotp(digits, guess, subject) {
        const sealed = subject === null ? await this.#stranger() : sealedSeed(subject.authenticator, guess.personId);
        const lastStep = subject === null || subject.repeated ? 0n : subject.authenticator.lastStep;
        return this.#vault.withSeed(sealed, (seed) => matchTotp(seed, digits, subject?.checkedAt ?? guess.at, lastStep));
    }
    async #matchRecovery(text, personId, subject) {
        const rows = await this.#store.recoveryCodes(personId);
        const found = await findRecoveryCode(text, personId, subject === null ? [] : rows, this.#rowMac);
        const row = rows.find(({ id }) => id === found);
        if (row === undefined || (row.used && subject?.repeated !== true))
            return null;
        return { kind: 'recovery', recoveryCodeId: row.id };
    }
    async #stranger() {
        this.#nobody ??= await sealNobody(this.#vault);
        return this.#nobody;
    }
}
function subjectOf(authenticator, reservation, at) {
    const checkedAt = momentToCheck(reservation, at);
    if (authenticator === null || checkedAt === null)
        return null;
    return { authenticator, checkedAt, repeated: reservation.kind === 'repeated' };
}
function dayOf({ personId, attempt: { actorId }, at }) {
    return dayScope(actorId, actorId === personId ? 'own' : 'others', at);
}
function isExhausted(scopes, { scopeTries }) {
    return scopes.some(({ limit }, place) => (scopeTries[place] ?? limit) >= limit);
}
function spendOf(match, { id, personId }, scopes) {
    const counted = scopes.map(({ key }) => key);
    if (match.kind === 'totp')
        return { ...match, authenticatorId: id, counted };
    return { ...match, authenticatorId: id, personId, counted };
}
/** Bound to the person who was asked about, whatever the row says. */
export function sealedSeed({ id, algorithm, sealed }, personId) {
    return { authenticatorId: id, personId, algorithm, sealed };
}
async function sealNobody(vault) {
    const nobody = { authenticatorId: 'nobody', personId: 'nobody', algorithm: TOTP_ALGORITHM };
    return { ...nobody, sealed: await vault.sealSeed(nobody, newSeed()) };
}
