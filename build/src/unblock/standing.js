// Who may still do what about a request, by the directory and the card as they stand now.
import { decideApproval, mayApprove } from '../approval/decide.js';
import { findProfile, responseLimit, UNKNOWN_RESPONSE_LIMIT } from '../card/profile.js';
import { MINUTE_MS } from '../lib/clock.js';
import { refuse } from '../lib/refusal.js';
/** So many refused responses before the card's own limit, no more is answered: the rest belongs to a person at the desk. */
const KEPT_BACK_RESPONSES = 2;
/** Whether this person may have this card answered at all. Null: yes. */
export function unfit(card, holder) {
    if (holder === undefined || !holder.active)
        return refuse('person-inactive');
    if (card.holderId !== holder.id)
        return refuse('not-your-card');
    if (card.state === 'frozen')
        return refuse('card-frozen');
    if (card.refusedResponses >= answerableRefusals(card))
        return refuse('card-near-limit');
    return null;
}
/** How many refused responses a card may have had and still be answered. */
function answerableRefusals(card) {
    const profile = findProfile(card.profile);
    return (profile === null ? UNKNOWN_RESPONSE_LIMIT : responseLimit(profile)) - KEPT_BACK_RESPONSES;
}
export function requesterOf(request, people) {
    return { id: request.requesterId, managerId: people.get(request.requesterId)?.managerId ?? null, excluded: [] };
}
export function approversIn(people) {
    return [...people.values()];
}
/** In which role this person may decide the request, or null. */
export function roleOf(request, people, personId) {
    const person = people.get(personId);
    return person === undefined ? null : mayApprove(request.requirement, requesterOf(request, people), person);
}
/** The verdict over the approvals given so far; those of people who are no longer entitled do not count. */
export function verdictOn(request, people, more = []) {
    const given = request.approvals.map(({ approverId, at }) => ({ approverId, verdict: 'approve', at: new Date(at) }));
    return decideApproval(request.requirement, requesterOf(request, people), [...given, ...more], approversIn(people));
}
/** Whether the requester must give another code before the response is shown. */
export function proofIsStale(request, at) {
    return at - request.provedAt > request.requirement.times.proofFreshMinutes * MINUTE_MS;
}
