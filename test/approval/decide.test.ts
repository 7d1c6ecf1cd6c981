// Who may approve, and when it is enough.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Approver, Requester, Vote } from '../../src/approval/approver.js';
import { candidates, decideApproval, standings, unsatisfiable, type ApprovalVerdict } from '../../src/approval/decide.js';
import type { ApproverSource, Stage } from '../../src/approval/policy.js';
import type { Requirement } from '../../src/approval/requirement.js';

const NINE = Date.UTC(2026, 0, 5, 9);

const times = { expireMinutes: 60, remindMinutes: null, responseShownMinutes: 5, unconfirmedMinutes: 15, proofFreshMinutes: 10, retryMinutes: 10 };

function asking(...stages: readonly Stage[]): Requirement {
  return { rule: 'test', stages, times };
}

function person(id: string, ...groups: readonly string[]): Approver {
  return { id, groups, active: true };
}

function vote(approverId: string, verdict: Vote['verdict'] = 'approve', minute = 0): Vote {
  return { approverId, verdict, at: new Date(NINE + minute * 60_000) };
}

const erin: Requester = { id: 'erin', managerId: 'dana', managersManagerId: 'mo', excluded: [] };
const dana = person('dana');
const hugo = person('hugo', 'helpdesk');
const hanna = person('hanna', 'helpdesk');
const sam = person('sam', 'security');
const everybody = [person('erin', 'helpdesk', 'security'), dana, hugo, hanna, sam, person('nobody')];

const oneOfEither = asking({ from: ['manager', 'helpdesk'], count: 1 });
const oneOfEach = asking({ from: ['manager'], count: 1 }, { from: ['helpdesk'], count: 1 });
const twoAtTheDesk = asking({ from: ['helpdesk'], count: 2 });

function decide(requirement: Requirement, ...votes: readonly Vote[]): ApprovalVerdict {
  return decideApproval(requirement, erin, votes, everybody);
}

/** The first source by which they may, or null. */
const sourcesFor = (requirement: Requirement, requester: Requester, one: Approver) =>
  (standings(requirement, requester, [one]).get(one.id) ?? []).map(({ source }) => source);
const mayApprove = (...asked: Parameters<typeof sourcesFor>) => sourcesFor(...asked)[0] ?? null;

describe('who may approve', () => {
  it('names the source that entitles a person', () => {
    expect(mayApprove(oneOfEither, erin, dana)).toBe('manager');
    expect(mayApprove(oneOfEither, erin, hugo)).toBe('helpdesk');
    expect(mayApprove(asking({ from: ['group:security'], count: 1 }), erin, sam)).toBe('group:security');
  });

  it('looks at the sources of every stage', () => {
    expect(mayApprove(oneOfEach, erin, hugo)).toBe('helpdesk');
  });

  it('compares group names without regard to capitals', () => {
    expect(mayApprove(twoAtTheDesk, erin, person('x', 'HelpDesk'))).toBe('helpdesk');
    expect(mayApprove(asking({ from: ['group:Security'], count: 1 }), erin, sam)).toBe('group:Security');
  });

  it('refuses who is in no source', () => {
    expect(mayApprove(oneOfEither, erin, sam)).toBeNull();
  });

  it('refuses the requester, in the helpdesk or as their own manager', () => {
    expect(mayApprove(oneOfEither, erin, person('erin', 'helpdesk'))).toBeNull();
    expect(mayApprove(oneOfEither, { ...erin, managerId: 'erin' }, person('erin'))).toBeNull();
  });

  it('refuses who is not active', () => {
    expect(mayApprove(oneOfEither, erin, { ...dana, active: false })).toBeNull();
  });

  it('refuses who has another part in the request', () => {
    expect(mayApprove(oneOfEither, { ...erin, excluded: ['hugo'] }, hugo)).toBeNull();
  });

  it("takes the manager's manager, and whoever was on call at the opening", () => {
    expect(mayApprove(asking({ from: ['manager-of-manager'], count: 1 }), erin, person('mo'))).toBe('manager-of-manager');
    const night: Requirement = { ...asking({ from: ['on-call:Night'], count: 1 }), onCall: { night: ['sam'] } };
    expect(mayApprove(night, erin, sam)).toBe('on-call:Night');
    expect(mayApprove(night, erin, hugo)).toBeNull();
  });

  it('takes nobody for on call where the requirement names nobody, whatever the rota is called', () => {
    expect(mayApprove(asking({ from: ['on-call:constructor'], count: 1 }), erin, sam)).toBeNull();
    expect(mayApprove({ ...asking({ from: ['on-call:constructor'], count: 1 }), onCall: { night: ['sam'] } }, erin, sam)).toBeNull();
  });

  it('refuses the requester who is on call, and the one who manages their own manager', () => {
    const night: Requirement = { ...asking({ from: ['on-call:night', 'manager-of-manager'], count: 1 }), onCall: { night: ['erin'] } };
    expect(mayApprove(night, { ...erin, managersManagerId: 'erin' }, person('erin'))).toBeNull();
  });

  it('takes nobody for the manager of a person who has none', () => {
    expect(mayApprove(oneOfEither, { ...erin, managerId: null }, dana)).toBeNull();
  });
});

describe('the standings of one person', () => {
  it('names every source by which a person may approve', () => {
    const requirement = asking({ from: ['manager', 'helpdesk'], count: 1 }, { from: ['group:security', 'helpdesk'], count: 1 });
    expect(sourcesFor(requirement, erin, person('dana', 'helpdesk'))).toEqual(['manager', 'helpdesk', 'helpdesk']);
    expect(sourcesFor(requirement, erin, person('erin', 'helpdesk'))).toEqual([]);
  });
});

describe('candidates', () => {
  it('are those who may approve, each once', () => {
    expect(candidates(oneOfEach, erin, [...everybody, hugo])).toEqual(['dana', 'hanna', 'hugo']);
  });
});

describe('decideApproval', () => {
  it('grants when enough have approved', () => {
    expect(decide(oneOfEither, vote('hugo'))).toEqual({ kind: 'granted', by: ['hugo'] });
    expect(decide(twoAtTheDesk, vote('hugo', 'approve', 2), vote('hanna', 'approve', 1))).toEqual({ kind: 'granted', by: ['hanna', 'hugo'] });
  });

  it('waits for those who are missing', () => {
    expect(decide(oneOfEach, vote('hugo'))).toEqual({ kind: 'waiting', stages: [{ needs: 1, from: ['manager'] }] });
    expect(decide(twoAtTheDesk)).toEqual({ kind: 'waiting', stages: [{ needs: 2, from: ['helpdesk'] }] });
  });

  it('counts a person once, however often they vote', () => {
    expect(decide(twoAtTheDesk, vote('hugo'), vote('hugo', 'approve', 1)).kind).toBe('waiting');
  });

  it('counts a person once, even where they stand in two sources', () => {
    const both = person('dana', 'helpdesk');
    expect(decideApproval(oneOfEach, erin, [vote('dana')], [both, hugo])).toEqual({
      kind: 'waiting',
      stages: [{ needs: 1, from: ['helpdesk'] }],
    });
  });

  it('lets a person who fits two stages stand where the other one does not fit', () => {
    const stages = asking({ from: ['manager', 'helpdesk'], count: 1 }, { from: ['manager', 'group:security'], count: 1 });
    expect(decide(stages, vote('dana'), vote('hugo', 'approve', 1)).kind).toBe('granted');
    expect(decide(stages, vote('dana'), vote('sam', 'approve', 1)).kind).toBe('granted');
  });

  it('waits for somebody who can still come, not for a second manager', () => {
    const stages = asking({ from: ['manager', 'helpdesk'], count: 1 }, { from: ['manager'], count: 1 });
    expect(decide(stages, vote('dana'))).toEqual({ kind: 'waiting', stages: [{ needs: 1, from: ['manager', 'helpdesk'] }] });
  });

  it('lets deny beat approve, before and after', () => {
    expect(decide(oneOfEither, vote('hugo', 'deny'), vote('dana', 'approve', 1))).toEqual({ kind: 'denied', by: ['hugo'] });
    expect(decide(oneOfEither, vote('dana'), vote('hugo', 'deny', 1))).toEqual({ kind: 'denied', by: ['hugo'] });
    expect(decide(oneOfEither, vote('hugo'), vote('hugo', 'deny', 1)).kind).toBe('denied');
  });

  it('does not count a person who is no longer active or no longer in the group', () => {
    const votes = [vote('hugo')];
    expect(decideApproval(oneOfEither, erin, votes, [{ ...hugo, active: false }]).kind).toBe('waiting');
    expect(decideApproval(oneOfEither, erin, votes, [person('hugo')]).kind).toBe('waiting');
    expect(decideApproval(oneOfEither, erin, votes, []).kind).toBe('waiting');
  });

  it('does not count a manager who is not the manager any more', () => {
    expect(decideApproval(oneOfEither, { ...erin, managerId: 'sam' }, [vote('dana')], everybody).kind).toBe('waiting');
  });

  it('grants at once, by nobody, where the rule asks nobody', () => {
    expect(decide(asking())).toEqual({ kind: 'granted', by: [] });
  });
});

describe('people of different groups', () => {
  const teams: Stage = { from: ['group:x', 'group:y', 'group:z'], count: 2, distinctGroups: true };
  const x1 = person('x1', 'x');
  const x2 = person('x2', 'X');
  const y1 = person('y1', 'y');
  const xy = person('xy', 'x', 'y');
  const verdict = (stage: Stage, ...ids: readonly string[]): ApprovalVerdict =>
    decideApproval(asking(stage), erin, ids.map((id, at) => vote(id, 'approve', at)), [x1, x2, y1, xy]);

  it('are two of three teams, and not two of one', () => {
    expect(verdict(teams, 'x1', 'y1')).toEqual({ kind: 'granted', by: ['x1', 'y1'] });
    expect(verdict(teams, 'x1', 'x2').kind).toBe('waiting');
  });

  it('are waited for in the teams that nobody stands for', () => {
    const both: Stage = { ...teams, from: ['group:x', 'group:y'] };
    expect(verdict(teams)).toEqual({ kind: 'waiting', stages: [{ needs: 2, from: teams.from }] });
    expect(verdict(teams, 'x1', 'x2')).toEqual({ kind: 'waiting', stages: [{ needs: 1, from: ['group:y', 'group:z'] }] });
    expect(verdict(both)).toEqual({ kind: 'waiting', stages: [{ needs: 1, from: ['group:x'] }, { needs: 1, from: ['group:y'] }] });
    expect(verdict(both, 'x1')).toEqual({ kind: 'waiting', stages: [{ needs: 1, from: ['group:y'] }] });
  });

  it('count a person of two teams for the one that is left', () => {
    expect(verdict(teams, 'xy', 'x1').kind).toBe('granted');
    expect(verdict(teams, 'xy', 'y1').kind).toBe('granted');
    expect(verdict(teams, 'xy').kind).toBe('waiting');
  });

  it('take two names of one group for one', () => {
    expect(verdict({ from: ['group:x', 'group:X', 'group:y'], count: 2, distinctGroups: true }, 'x1', 'x2').kind).toBe('waiting');
  });

  it('are missing where only one team is there', () => {
    expect(unsatisfiable(asking(teams), erin, [x1, x2])).toEqual({ missing: ['group:y', 'group:z'] });
    expect(unsatisfiable(asking(teams), erin, [x1, y1])).toBeNull();
  });

  it('are enough exactly when somebody else can stand for each of so many sources', () => {
    const anyTeams = fc.record({
      from: fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1, maxLength: 4 }),
      count: fc.integer({ min: 1, max: 4 }),
      distinctGroups: fc.constant(true),
    });
    const stages = fc.tuple(anyTeams.filter(({ from, count }) => count <= from.length), fc.option(anyStage));
    fc.assert(
      fc.property(stages, anyRequester, anyPeople, ([distinct, plain], requester, people) => {
        const requirement = { ...asking(distinct, ...(plain === null ? [] : [plain])), onCall: { night: ['a', 'b'] } };
        const outsiders = people.filter(({ id, active }) => active && id !== requester.id && !requester.excluded.includes(id));
        const others = plain === null ? [] : placesOf(asking(plain));
        const enough = choicesOf(distinct.from, distinct.count).some((sources) =>
          canFill([...sources.map((source) => [source]), ...others], outsiders, { requirement, requester }),
        );
        expect(unsatisfiable(requirement, requester, people) === null).toBe(enough);
        const all = decideApproval(requirement, requester, people.map(({ id }) => vote(id)), people);
        expect(all.kind).toBe(enough ? 'granted' : 'waiting');
        if (all.kind === 'granted') expect(all.by).toHaveLength(distinct.count + others.length);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Every way to choose so many of the sources. */
function choicesOf(sources: readonly ApproverSource[], count: number): ApproverSource[][] {
  if (count === 0) return [[]];
  return sources.flatMap((source, at) => choicesOf(sources.slice(at + 1), count - 1).map((rest) => [source, ...rest]));
}

describe('unsatisfiable', () => {
  it('is null where the people are enough', () => {
    expect(unsatisfiable(oneOfEach, erin, everybody)).toBeNull();
    expect(unsatisfiable(asking(), erin, [])).toBeNull();
  });

  it('names the manager whom a person does not have', () => {
    expect(unsatisfiable(oneOfEach, { ...erin, managerId: null }, everybody)).toEqual({ missing: ['manager'] });
  });

  it('names the role whose only member is the requester', () => {
    expect(unsatisfiable(oneOfEach, erin, [person('erin', 'helpdesk'), dana])).toEqual({ missing: ['helpdesk'] });
  });

  it('names the role with too few members, and leaves out those that have some', () => {
    expect(unsatisfiable(twoAtTheDesk, erin, [hugo])).toEqual({ missing: ['helpdesk'] });
    expect(unsatisfiable(asking({ from: ['manager', 'helpdesk'], count: 2 }), erin, [dana])).toEqual({ missing: ['helpdesk'] });
  });

  it('sees that one person cannot stand for two', () => {
    expect(unsatisfiable(oneOfEach, erin, [person('dana', 'helpdesk')])).toEqual({ missing: ['helpdesk'] });
  });
});

const IDS = ['a', 'b', 'c', 'd', 'e'] as const;
const GROUPS = ['helpdesk', 'x', 'y'] as const;
const SOURCES: readonly ApproverSource[] = ['manager', 'manager-of-manager', 'helpdesk', 'group:x', 'group:y', 'on-call:night'];

const anyId = fc.constantFrom(...IDS);
const anyStage = fc.record({
  from: fc.uniqueArray(fc.constantFrom(...SOURCES), { minLength: 1, maxLength: 3 }),
  count: fc.integer({ min: 1, max: 2 }),
});
const anyRequirement = fc
  .tuple(fc.array(anyStage, { minLength: 1, maxLength: 3 }), fc.uniqueArray(anyId, { maxLength: 2 }))
  .map(([stages, night]): Requirement => ({ ...asking(...stages), onCall: { night } }));
const anyRequester: fc.Arbitrary<Requester> = fc.record({
  id: anyId,
  managerId: fc.option(anyId),
  managersManagerId: fc.option(anyId),
  excluded: fc.uniqueArray(anyId, { maxLength: 1 }),
});
const anyPeople = fc.tuple(
  ...IDS.map((id) => fc.record({ id: fc.constant(id), groups: fc.subarray([...GROUPS]), active: fc.boolean() })),
);
const anyVote = fc.record({
  approverId: anyId,
  verdict: fc.constantFrom<Vote['verdict']>('approve', 'approve', 'approve', 'deny'),
  at: fc.integer({ min: 0, max: 3 }).map((minute) => new Date(NINE + minute * 60_000)),
});
const anyCase = fc.record({ requirement: anyRequirement, requester: anyRequester, people: anyPeople, votes: fc.array(anyVote, { maxLength: 8 }) });

/** Whether these people can stand in all places, found by trying every way. Written apart from the code under test. */
function canFill(places: readonly Stage['from'][], people: readonly Approver[], asked: Asked): boolean {
  const [from, ...others] = places;
  if (from === undefined) return true;
  return people.some((one) => {
    const fits = from.some((source) => {
      if (source === 'manager') return one.id === asked.requester.managerId;
      if (source === 'manager-of-manager') return one.id === asked.requester.managersManagerId;
      if (source === 'on-call:night') return asked.requirement.onCall?.night?.includes(one.id) === true;
      return one.groups.includes(source.replace('group:', ''));
    });
    return fits && canFill(others, people.filter((other) => other !== one), asked);
  });
}

interface Asked {
  readonly requirement: Requirement;
  readonly requester: Requester;
}

function placesOf(requirement: Requirement): Stage['from'][] {
  return requirement.stages.flatMap((stage) => Array.from({ length: stage.count }, () => stage.from));
}

describe('decideApproval, whatever happens', () => {
  it('grants exactly when distinct entitled people who approved fill all places and none of the entitled denied', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people, votes }) => {
        const outsiders = people.filter(({ id, active }) => active && id !== requester.id && !requester.excluded.includes(id));
        const entitled = outsiders.filter((one) => placesOf(requirement).some((from) => canFill([from], [one], { requirement, requester })));
        const cast = (verdict: Vote['verdict']) =>
          entitled.filter(({ id }) => votes.some((one) => one.approverId === id && one.verdict === verdict));
        const enough = canFill(placesOf(requirement), cast('approve'), { requirement, requester });
        const expected = cast('deny').length > 0 ? 'denied' : enough ? 'granted' : 'waiting';
        expect(decideApproval(requirement, requester, votes, people).kind).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('names as many different approvers as there are places, all entitled, never the requester', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people, votes }) => {
        const verdict = decideApproval(requirement, requester, votes, people);
        fc.pre(verdict.kind === 'granted');
        expect(new Set(verdict.by).size).toBe(placesOf(requirement).length);
        expect(verdict.by).toHaveLength(placesOf(requirement).length);
        expect(verdict.by).not.toContain(requester.id);
        expect(candidates(requirement, requester, people)).toEqual(expect.arrayContaining([...verdict.by]));
      }),
    );
  });

  it('is never granted by one more deny, and never stays granted with one by an entitled person', () => {
    fc.assert(
      fc.property(anyCase, anyId, ({ requirement, requester, people, votes }, denier) => {
        const before = decideApproval(requirement, requester, votes, people);
        const after = decideApproval(requirement, requester, [...votes, vote(denier, 'deny', 9)], people);
        if (candidates(requirement, requester, people).includes(denier)) expect(after.kind).toBe('denied');
        else expect(after).toEqual(before);
      }),
    );
  });

  it('is the same with and without votes of the requester and of who has another part in the request', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people, votes }) => {
        const others = votes.filter(({ approverId }) => approverId !== requester.id && !requester.excluded.includes(approverId));
        expect(decideApproval(requirement, requester, votes, people)).toEqual(decideApproval(requirement, requester, others, people));
      }),
    );
  });

  it('is the same in whatever order votes and people come', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), ({ requirement, requester, people, votes }, turn) => {
        const shuffled = <T>(list: readonly T[]): T[] => {
          const cut = turn % (list.length + 1);
          return [...list.slice(cut), ...list.slice(0, cut).reverse()];
        };
        expect(decideApproval(requirement, requester, shuffled(votes), shuffled(people))).toEqual(
          decideApproval(requirement, requester, votes, people),
        );
      }),
    );
  });

  it('does not change what it is given', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people, votes }) => {
        const before = structuredClone({ requirement, requester, people, votes });
        decideApproval(requirement, requester, votes, people);
        expect({ requirement, requester, people, votes }).toEqual(before);
      }),
    );
  });

  it('is granted when all candidates approve, exactly where the requirement can be satisfied', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people }) => {
        const all = candidates(requirement, requester, people).map((id) => vote(id));
        const granted = decideApproval(requirement, requester, all, people).kind === 'granted';
        expect(unsatisfiable(requirement, requester, people) === null).toBe(granted);
      }),
    );
  });

  it('waits for as many as are missing', () => {
    fc.assert(
      fc.property(anyCase, ({ requirement, requester, people, votes }) => {
        const approvals = votes.filter(({ verdict }) => verdict === 'approve');
        fc.pre(unsatisfiable(requirement, requester, people) === null);
        const verdict = decideApproval(requirement, requester, approvals, people);
        fc.pre(verdict.kind === 'waiting');
        const left = people.filter(({ id }) => !approvals.some(({ approverId }) => approverId === id));
        const missing = verdict.stages.flatMap(({ from, needs }) => Array.from({ length: needs }, () => from));
        const free = candidates(requirement, requester, left);
        expect(canFill(missing, left.filter(({ id }) => free.includes(id)), { requirement, requester })).toBe(true);
      }),
    );
  });
});
