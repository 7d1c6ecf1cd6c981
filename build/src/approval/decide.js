// Who may agree to a request, and whether enough of them have.
import { fillPlaces } from './places.js';
import { HELPDESK_GROUP, groupOf } from './policy.js';
import { hasName } from './requirement.js';
/**
 * What the votes come to. Deny beats approve; the requester's votes and those of people who are not entitled
 * (any more) count for nothing; one person fills one place over all stages, whatever the order of the votes.
 * `people` are the voters and all who could still be asked, as they stand now; revoked votes are left out by the caller.
 */
export function decideApproval(requirement, requester, votes, people) {
    const entitled = entitledPeople(requirement, requester, people);
    const counted = votes.filter((vote) => entitled.has(vote.approverId)).sort(byTime);
    const denied = votersOf(counted, 'deny');
    if (denied.length > 0)
        return { kind: 'denied', by: denied };
    const approved = votersOf(counted, 'approve');
    const placed = placeApprovers(requirement, requester, approved, entitled);
    const stages = openStages(requirement, placed);
    if (stages.length > 0)
        return { kind: 'waiting', stages };
    const standing = placed.flat();
    return { kind: 'granted', by: approved.filter((id) => standing.includes(id)) };
}
/** The source by which this person may approve, or null: they are not entitled, not active, or part of the request. */
export function mayApprove(requirement, requester, person) {
    if (person.id === requester.id || requester.excluded.includes(person.id) || !person.active)
        return null;
    const sources = requirement.stages.flatMap((stage) => stage.from);
    return sources.find((source) => isIn(source, requester, person)) ?? null;
}
/** The ids of those to be asked. */
export function candidates(requirement, requester, people) {
    return [...entitledPeople(requirement, requester, people).keys()];
}
/** Whether even the consent of all `people` would not do: then the sources in which somebody is missing. */
export function unsatisfiable(requirement, requester, people) {
    const entitled = entitledPeople(requirement, requester, people);
    const placed = placeApprovers(requirement, requester, [...entitled.keys()], entitled);
    const short = openStages(requirement, placed).flatMap((stage) => stage.from);
    if (short.length === 0)
        return null;
    const empty = short.filter((source) => ![...entitled.values()].some((person) => isIn(source, requester, person)));
    return { missing: [...new Set(empty.length > 0 ? empty : short)] };
}
function entitledPeople(requirement, requester, people) {
    const entitled = people.filter((person) => mayApprove(requirement, requester, person) !== null);
    return new Map(entitled.sort(byId).map((person) => [person.id, person]));
}
function isIn(source, requester, person) {
    if (source === 'manager')
        return person.id === requester.managerId;
    return hasName(person.groups, source === 'helpdesk' ? HELPDESK_GROUP : groupOf(source));
}
/** The stages with the approvers that stand in their places, nobody in two. */
function placeApprovers(requirement, requester, approved, entitled) {
    const counts = requirement.stages.map((stage) => stage.count);
    const voted = new Set(approved);
    // Those who have not voted are placed after those who have: then an approver stands where they leave the
    // places that the others can still fill, and what is said to be waited for can come.
    const others = [...entitled.keys()].filter((id) => !voted.has(id));
    const placed = fillPlaces(counts, [...approved, ...others], (id, stage) => {
        const person = entitled.get(id);
        const from = requirement.stages[stage]?.from ?? [];
        return person !== undefined && from.some((source) => isIn(source, requester, person));
    });
    return placed.map((standing) => standing.filter((id) => voted.has(id)));
}
function openStages(requirement, placed) {
    return requirement.stages
        .map((stage, index) => ({ needs: stage.count - (placed[index]?.length ?? 0), from: stage.from }))
        .filter((stage) => stage.needs > 0);
}
function votersOf(votes, verdict) {
    return [...new Set(votes.filter((vote) => vote.verdict === verdict).map((vote) => vote.approverId))];
}
function byTime(a, b) {
    return a.at.getTime() - b.at.getTime() || compareText(a.approverId, b.approverId);
}
function byId(a, b) {
    return compareText(a.id, b.id);
}
function compareText(a, b) {
    if (a === b)
        return 0;
    return a < b ? -1 : 1;
}
