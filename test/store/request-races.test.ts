// Two processes on one database, and everything at the same moment.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY_TEXT } from '../../src/approval/default-policy.js';
import { formIn, openWorld, type World } from '../support/world.js';
import { DAY_MS, MINUTE_MS } from '../../src/lib/clock.js';
import { approvedRequest, auditOf, challengeBehind, newChallenge, NEXT_CODE_MS, openRequest, reimport, request, responseIn, hasResponse } from '../flows/steps.js';

const ROUNDS = 50;
/** So many rounds fit into a day: each leaves one wrong code on the day of the loser. */
const ROUNDS_A_DAY = 15;
const SLOW_MS = 180_000;

const LIMITS = 'limits:\n  requestsPerPersonPerDay: 10000\n  challengesPerCardPerDay: 10000\n  unblocksPerHour: 10000\n';
const ONE = `${DEFAULT_POLICY_TEXT}${LIMITS}`;
const TWO = `version: 1\n${LIMITS}rules:\n  - name: two\n    approvals:\n      - from: [manager, helpdesk]\n        count: 2\n`;

/** Two processes that do nothing by themselves, so that a test alone decides what happens at the same moment. */
async function openPair(policyText: string): Promise<{ one: World; two: World; close: () => Promise<void> }> {
  const one = await openWorld({ policyText });
  const two = await openWorld({ policyText, beside: one });
  await one.service.stop();
  await two.service.stop();
  return {
    one,
    two,
    close: async () => {
      await two.close();
      await one.close();
    },
  };
}

async function passTime(world: World, ms: number): Promise<void> {
  await world.parts.sequencer.sequence();
  world.clock.forward(ms);
}

/** Lets whatever has begun go on for about so many statements. */
async function statements(world: World, count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await world.parts.database.$queryRaw`SELECT 1`;
}

function isDone(reply: { readonly kind: string }): boolean {
  return reply.kind === 'done';
}

async function eachRound(world: World, play: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await passTime(world, round % ROUNDS_A_DAY === 0 ? DAY_MS : NEXT_CODE_MS);
    await play(round);
  }
}

describe('one code at the same moment in two processes', () => {
  let pair: Awaited<ReturnType<typeof openPair>>;
  beforeAll(async () => {
    pair = await openPair(ONE);
  });
  afterAll(() => pair.close());

  it('pays for one of two approvals', async () => {
    const { one, two } = pair;
    await eachRound(one, async () => {
      const ids = [await openRequest(one, 'emma'), await openRequest(one, 'liam')] as const;
      const votes = [formIn(await one.press('dana', 'approve', ids[0])), formIn(await two.press('dana', 'approve', ids[1]))] as const;
      const inputs = { code: one.code('dana') };
      const replies = await Promise.all([one.submit('dana', votes[0], inputs), two.submit('dana', votes[1], inputs)]);
      expect(replies.filter(isDone)).toHaveLength(1);
      const states = await Promise.all(ids.map(async (id) => (await request(one, id)).state));
      expect([...states].sort()).toEqual(['approved', 'awaiting-approval']);
      expect(states.map((state) => state === 'approved')).toEqual(replies.map(isDone));
      await one.press('emma', 'cancel', ids[0]);
      await one.press('liam', 'cancel', ids[1]);
    });
  }, SLOW_MS);

  it('pays for an approval or for an own request, not for both', async () => {
    const { one, two } = pair;
    await eachRound(one, async (round) => {
      const theirs = await openRequest(one, 'emma');
      const vote = formIn(await one.press('dana', 'approve', theirs));
      const own = formIn(await two.press('dana', 'start-unblock'));
      const code = one.code('dana');
      // Begun a few turns apart, so that now the one is first and now the other.
      const asked = two.submit('dana', own, { challenge: newChallenge(), code, reason: 'PIN forgotten' });
      const voted = statements(one, round % 10).then(() => one.submit('dana', vote, { code }));
      const replies = await Promise.all([voted, asked]);
      expect(replies.filter(isDone)).toHaveLength(1);
      const mine = await two.parts.database.request.findFirstOrThrow({ where: { requesterId: 'dana', deadlineAt: { not: null } } });
      expect(mine.state).toBe(isDone(replies[1]) ? 'awaiting-approval' : 'opened');
      expect((await request(one, theirs)).state).toBe(isDone(replies[0]) ? 'approved' : 'awaiting-approval');
      await one.press('emma', 'cancel', theirs);
      await one.press('dana', 'cancel', mine.id);
    });
  }, SLOW_MS);
});

describe('two approvals, a denial, a cancellation and the deadline at the same moment', () => {
  const ENDS = ['denied', 'cancelled', 'expired'];
  let pair: Awaited<ReturnType<typeof openPair>>;
  beforeAll(async () => {
    pair = await openPair(TWO);
  });
  afterAll(() => pair.close());

  it('come to one end, and the audit tells just that story', async () => {
    const { one, two } = pair;
    await eachRound(one, async (round) => {
      const id = await openRequest(one, 'emma');
      await passTime(one, 60 * MINUTE_MS - 1);
      const bySam = formIn(await one.press('sam', 'approve', id));
      const byPriya = formIn(await two.press('priya', 'approve', id));
      const denial = formIn(await two.press('dana', 'deny', id));
      const steps = [
        () => one.submit('sam', bySam, { code: one.code('sam') }),
        () => two.submit('priya', byPriya, { code: two.code('priya') }),
        () => two.submit('dana', denial, { reason: 'no' }),
        () => one.press('emma', 'cancel', id),
      ];
      const begun = [...steps.slice(round % 4), ...steps.slice(0, round % 4)].map((step) => step());
      await statements(two, (round * 7) % 20);
      one.clock.forward(1);
      await Promise.all([...begun, one.service.desk.tick(), two.service.desk.tick()]);
      await one.service.desk.tick();

      const ended = await request(one, id);
      expect(ENDS).toContain(ended.state);
      const entries = await auditOf(one, id);
      expect(entries.filter(({ kind }) => ENDS.includes(kind)).map(({ kind }) => kind)).toEqual([ended.state]);
      expect(entries.at(-1)?.kind).toBe(ended.state);
      const votes = entries.filter(({ kind }) => kind === 'vote');
      expect(votes).toHaveLength(ended.approvals.length);
      expect(entries.filter(({ kind }) => kind === 'approval-complete')).toHaveLength(votes.length === 2 ? 1 : 0);
      // Opened, proved, each vote, and the end: one version each.
      expect(ended.version).toBe(2 + votes.length + 1);
    });
  }, SLOW_MS);
});

describe('the reveal at the same moment', () => {
  let pair: Awaited<ReturnType<typeof openPair>>;
  beforeAll(async () => {
    pair = await openPair(ONE);
  });
  afterAll(() => pair.close());

  it('in two processes shows one response, and is released once', async () => {
    const { one, two } = pair;
    await eachRound(one, async () => {
      const challenge = newChallenge();
      const id = await approvedRequest(one, 'emma', { challenge });
      const forms = [formIn(await one.press('emma', 'show-response', id)), formIn(await two.press('emma', 'show-response', id))] as const;
      const replies = await Promise.all([one.submit('emma', forms[0], {}), two.submit('emma', forms[1], {})]);
      const [first = '', second] = replies.map(responseIn);
      expect(second).toBe(first);
      expect(challengeBehind('emma', first)).toBe(challenge);
      const kinds = (await auditOf(one, id)).map(({ kind }) => kind);
      expect(kinds.slice(-2)).toEqual(['released', 'shown-again']);
      expect(await one.parts.database.answeredChallenge.count({ where: { requestId: id } })).toBe(1);
      await one.press('emma', 'it-worked', id);
    });
  }, SLOW_MS);

  it('as an approver loses the right to approve is before it or does not happen', async () => {
    const { one, two } = pair;
    await eachRound(one, async (round) => {
      const id = await approvedRequest(one, 'liam');
      const form = formIn(await one.press('liam', 'show-response', id));
      const looked = one.submit('liam', form, {});
      const imported = statements(two, round % 15).then(() => reimport(two, ['liam,Liam Okafor,liam@example.com,eve@example.com,,,']));
      const [reply] = await Promise.all([looked, imported]);

      const rows = await one.parts.database.auditEntry.findMany({ orderBy: { id: 'asc' }, select: { body: true } });
      const kinds = rows.map(({ body }) => body).filter((body) => body.includes(id) || body.includes('"people-imported"'));
      const last = kinds.slice(-2).map((body) => (JSON.parse(body) as { kind: string }).kind);
      expect(last).toEqual(hasResponse(reply) ? ['released', 'people-imported'] : ['people-imported', 'denied']);
      await one.press('liam', 'it-worked', id);
      await reimport(one, ['liam,Liam Okafor,liam@example.com,dana@example.com,,,']);
    });
  }, SLOW_MS);

  // Last, because it leaves every card frozen.
  it.each(['emma', 'liam', 'dana'] as const)('as %s says "this was not me" is before it or does not happen', async (personId) => {
    const { one, two } = pair;
    await passTime(one, DAY_MS);
    const id = await approvedRequest(one, personId);
    const show = formIn(await one.press(personId, 'show-response', id));
    const freeze = formIn(await two.press(personId, 'not-me', id));
    const [reply] = await Promise.all([one.submit(personId, show, {}), two.submit(personId, freeze, {})]);
    const kinds = (await auditOf(one, id)).map(({ kind }) => kind).filter((kind) => ['released', 'frozen'].includes(kind));
    expect(kinds).toEqual(hasResponse(reply) ? ['released', 'frozen'] : ['frozen']);
    expect(await request(one, id)).toMatchObject({ state: 'cancelled', why: 'frozen' });
  });
});
