// Teams' clock: what is not ready in time is said so in the dialog, whose form keeps the outcome.
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '../../../src/lib/log.js';
import type { ChatEvent, Reply } from '../../../src/chat/event.js';
import { activitySchema } from '../../../src/chat/teams/activity.js';
import { TeamsBot } from '../../../src/chat/teams/bot.js';
import { Connector } from '../../../src/chat/teams/connector.js';
import { drawForm } from '../../../src/chat/teams/cards.js';
import { Members } from '../../../src/chat/teams/members.js';
import type { Form } from '../../../src/chat/message.js';
import { ENGLISH } from '../../../src/chat/english.js';
import { languagesWith } from '../../../src/chat/languages.js';
import { TENANT } from '../../support/teams-service.js';

const USER = '11111111-2222-4333-8444-000000000001';
const clock = () => new Date('2026-06-01T09:00:00Z');
const memory = {
  keepPlace: () => Promise.resolve(),
  forgetPlace: () => Promise.resolve(),
  personalPlace: () => Promise.resolve(null),
  place: () => Promise.resolve(null),
  latestServiceUrl: () => Promise.resolve(null),
  takeDelivery: () => Promise.resolve(true),
};
const FORM: Form = {
  name: 'approve',
  formId: 'f'.repeat(22),
  target: 'request-1',
  title: 'Approve this request',
  blocks: [],
  fields: [{ id: 'code', label: 'Your one-time code', kind: 'one-time-code', maxLength: 40 }],
  submit: 'Approve',
  buttons: [],
  frame: ENGLISH.frame,
};

let heard: ChatEvent[] = [];
let answer: (reply: Reply) => void = () => undefined;
let bot: TeamsBot;
beforeEach(() => {
  jest.useFakeTimers();
  heard = [];
  const connector = new Connector({ tokens: { token: () => Promise.resolve(''), drop: () => undefined }, isKnown: () => false, clock });
  const member = () => Promise.resolve({ id: '29:dana', aadObjectId: USER, tenantId: TENANT, userRole: 'user' });
  const members = new Members({ connector: { member }, ownChats: { known: () => Promise.resolve(null), open: () => Promise.resolve(null) }, tenantId: TENANT, clock });
  const conversation = (event: ChatEvent): Promise<Reply> => {
    heard.push(event);
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const languages = languagesWith('en', 'UTC', () => clock().getTime());
  bot = new TeamsBot({ tenantId: TENANT, conversation, connector, members, memory, languages, pause: () => Promise.resolve(), clock, log: silentLog });
});
afterEach(() => void jest.useRealTimers());

function submit(value: unknown) {
  return activitySchema.parse({
    type: 'invoke',
    name: 'task/submit',
    id: 'one',
    channelId: 'msteams',
    serviceUrl: 'https://smba.trafficmanager.net/emea/',
    from: { id: '29:dana', aadObjectId: USER },
    conversation: { id: 'a:dana', tenantId: TENANT, conversationType: 'personal' },
    value,
  });
}

const SENT = { data: { ...drawForm(FORM).actions[0]?.data as object, code: '123456' } };

describe('a reply to a dialog', () => {
  it('that is there in time is the answer', async () => {
    const pending = bot.hear(submit(SENT));
    await jest.advanceTimersByTimeAsync(100);
    answer({ kind: 'done', say: 'Your approval was recorded.' });
    expect(await pending).toEqual({ status: 200, body: { task: { type: 'message', value: 'Your approval was recorded.' } } });
    expect(heard).toMatchObject([{ kind: 'submitted', form: 'approve', formId: FORM.formId, target: 'request-1', inputs: { code: '123456' } }]);
  });

  it('that is not there after four seconds brings the dialog again, with its form and without the code', async () => {
    const pending = bot.hear(submit(SENT));
    await jest.advanceTimersByTimeAsync(4_000);
    const shown = JSON.stringify(await pending);
    expect(shown).toContain('That took too long to show here');
    expect(shown).toContain(FORM.formId);
    expect(shown).not.toContain('123456');
  });

  it('with more in it than its fields hands on the fields alone', async () => {
    void bot.hear(submit({ data: { ...SENT.data, serial: 'CARD-DANA', kind: 'submitted', requester: 'dana', reason: 7 } }));
    await jest.advanceTimersByTimeAsync(100);
    expect(heard).toMatchObject([{ inputs: { code: '123456' } }]);
    expect(Object.keys(heard[0]?.kind === 'submitted' ? heard[0].inputs : {})).toEqual(['code']);
  });
});
