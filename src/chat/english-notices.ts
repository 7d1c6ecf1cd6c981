// What people are told by themselves, and what the audit entries say, in English.
import { SEALED_EVENTS, SEALED_TRAIL } from './english-sealed.js';
import { parseNumbers } from '../unblock/numbers.js';
import { NUMBERS } from './english-numbers.js';
import type { Wording } from './wording.js';

export const EVENTS: Wording['event'] = {
  ...SEALED_EVENTS,
  'card-frozen': ({ person, card, mine, other = '' }) => ({
    title: 'A smart card was frozen',
    text: mine ? frozenMine(card, other) : `${other === '' ? `${person} said "this was not me".` : `${other} said that it was not ${person} who asked.`} The card ${card} and the authenticator of ${person} are frozen. Find out who asked before anything is set up again.`,
  }),
  enrolled: ({ person, mine }) => ({
    title: 'An authenticator was set up',
    text: mine
      ? 'You have a new authenticator. If this was not you, call the helpdesk now.'
      : `${person} has a new authenticator. If nobody expected this, call the helpdesk.`,
  }),
  vouched: ({ person, mine }) => ({
    title: 'Somebody vouched for a set-up',
    text: mine
      ? 'A colleague vouched for you, so that you can set up an authenticator in the next ten minutes. If you did not ask for that, call the helpdesk now.'
      : `A colleague vouched for ${person}, who can set up an authenticator in the next ten minutes. If nobody expected this, call the helpdesk.`,
  }),
  'authenticator-locked': ({ person, mine }) => ({
    title: 'An authenticator locked',
    text: mine
      ? 'Ten wrong codes in a row were typed for you, so your authenticator stopped. Ask the helpdesk for an invitation to set it up again.'
      : `Ten wrong codes in a row were typed for ${person}. The authenticator stopped until it is set up again.`,
  }),
  'card-frozen-by-administrator': ({ person, card, mine }) => ({
    title: 'A smart card was frozen',
    text: mine
      ? `An administrator froze your card ${card}, so it takes no request until two administrators release it. If you do not know why, call the helpdesk.`
      : `An administrator froze the card ${card} of ${person}. It takes no request until two administrators release it.`,
  }),
  'card-released': ({ person, card, mine }) => ({
    title: 'A smart card was released',
    text: mine
      ? `Two administrators released your card ${card}, so you can ask for it again. If your authenticator was frozen too, ask the helpdesk for a voucher first. If you did not expect this, call the helpdesk now.`
      : `Two administrators released the card ${card} of ${person}. If nobody expected this, call the helpdesk.`,
  }),
  'card-returned': ({ person, card, mine }) => ({
    title: 'A smart card was taken back',
    text: mine
      ? `The card ${card} is not yours any more, and what was asked for it has ended. If you still have it, bring it to the helpdesk.`
      : `The card ${card} was taken back from ${person}, and what was asked for it has ended.`,
  }),
  'card-assigned': ({ person, card, mine }) => ({
    title: 'A smart card was handed out',
    text: mine ? `The card ${card} is yours now. If you did not get it, call the helpdesk.` : `The card ${card} belongs to ${person} now. If nobody expected this, call the helpdesk.`,
  }),
  'monthly-numbers': ({ details = {} }) => {
    const numbers = parseNumbers(JSON.parse(details.numbers ?? '{}'));
    return { title: NUMBERS.title(numbers), text: NUMBERS.lines(numbers).join('\n') };
  },
  'puk-shown': ({ person, card }) => ({
    title: 'A PUK was shown',
    text: `${person} was shown the PUK of the card ${card}. Until a new PUK is set on the card and imported here, the card takes no further request.`,
  }),
  assisted: ({ person, card, mine }) => ({
    title: 'The helpdesk asked for somebody',
    text: mine
      ? `The helpdesk asked to unblock your card ${card}, with a code that you read out. If that was not you, press "This was not me" in your chat with the bot, or call the helpdesk now.`
      : `The helpdesk asked to unblock the card ${card} for ${person}, who was on the telephone and gave a code. If that seems wrong, call ${person}; if it was somebody else, press "This was not them" in your chat with the bot.`,
  }),
  'breaker-opened': () => ({
    title: 'The bot has paused',
    text: 'More cards were unblocked than the policy allows in an hour or a night, so no card is unblocked any more. Find out who asked and why; then two administrators run: countersign breaker release',
  }),
  'breaker-released': () => ({
    title: 'The bot goes on',
    text: 'Two administrators released the breaker: cards are unblocked again.',
  }),
  'many-wrong-codes': () => ({
    title: 'Many wrong codes',
    text: 'In the last hour as many wrong one-time codes were typed as the policy calls unusual. Somebody may be guessing: look into the audit for code-refused.',
  }),
  'account-linked': ({ person, mine }) => ({
    title: 'A chat account was linked',
    text: mine
      ? 'A chat account was linked to you with one of your codes. If this was not you, call the helpdesk now.'
      : `A chat account was linked to ${person} with a one-time code. If nobody expected this, call the helpdesk.`,
  }),
  'recovery-codes-renewed': ({ person, mine }) => ({
    title: 'New recovery codes were made',
    text: mine
      ? 'You have new recovery codes, and the old ones do not work any more. If this was not you, call the helpdesk now.'
      : `${person} made new recovery codes. If that seems wrong, call ${person}.`,
  }),
  'recovery-code-used': ({ person, mine }) => ({
    title: 'A recovery code was used',
    text: mine
      ? 'One of your recovery codes was used. If this was not you, call the helpdesk now. If you used it because your authenticator is not at hand, set up a new one before your next request: ask your manager or the helpdesk for a voucher.'
      : `${person} used a recovery code. If nobody expected this, call the helpdesk.`,
  }),
  'approver-missing': ({ person }) => ({
    title: 'Nobody was there to ask first',
    text: `For a request of ${person}, a manager or others whom the policy asks first have left or are not found. It went to the others who may decide. Put the directory or the rota right.`,
  }),
  delegated: ({ person, mine, other = '', from = '', until = '' }) => ({
    title: 'Approvals were passed on',
    text: mine
      ? `${other} decides in your place from ${from} until ${until}. If this was not you, call the helpdesk now.`
      : `You decide in the place of ${person} from ${from} until ${until}. What they are asked to approve comes to you then.`,
  }),
  'delegation-ended': ({ person, mine, other = '' }) => ({
    title: 'Approvals came back',
    text: mine ? `You decide for yourself again, and ${other} no longer in your place. If this was not you, call the helpdesk now.` : `You no longer decide in the place of ${person}.`,
  }),
  'not-my-report': ({ person }) => ({
    title: 'A manager is out of date',
    text: `Somebody who stands in the directory as manager of ${person} says that ${person} is not their report. Put the directory right; until then each request of ${person} meets this again.`,
  }),
};

function frozenMine(card: string, other: string): string {
  if (other === '') return `You said "this was not me". Your card ${card} and your authenticator are frozen. Call the helpdesk: somebody may have your chat account.`;
  return `${other} said that it was not you who asked. Your card ${card} and your authenticator are frozen. Call the helpdesk: somebody may have called there in your name.`;
}

export const TRAIL: Wording['trail'] = {
  ...SEALED_TRAIL,
  'request-opened': 'A request was opened',
  'identity-proved': 'The one-time code was right',
  'code-refused': 'A code was refused',
  'number-drawn': 'A number was drawn for an approver',
  vote: 'An approval was given',
  'approval-complete': 'Everybody who must agree has agreed',
  'challenge-replaced': 'A new challenge was taken',
  released: 'The response was released',
  'shown-again': 'The response was shown again',
  outcome: 'The employee said whether it worked, or time ended it',
  cancelled: 'The request was cancelled',
  expired: 'The request expired',
  reminded: 'Approvers were reminded',
  warned: 'The person who asked was told that time is running out',
  escalated: 'A wider circle was asked',
  'stepped-down': 'A manager said that this is not their report',
  failed: 'The request failed',
  denied: 'The request was denied',
  frozen: 'A card was frozen',
  'enrolment-invited': 'An invitation was made',
  'enrolment-vouched': "A colleague vouched for somebody's set-up",
  enrolled: 'An authenticator was set up',
  'authenticator-replaced': 'An authenticator was replaced',
  'authenticators-imported': 'Authenticators were imported',
  'recovery-codes-renewed': 'Recovery codes were made anew',
  'account-linked': 'A chat account was linked',
  delegated: 'Approvals were passed on to a colleague',
  'delegation-ended': 'Approvals came back from a colleague',
  'account-unlinked': 'A chat account was taken from a person',
  'code-burnt': 'A code was typed into a chat, so it counts as spent',
  'slack-installed': 'The app was installed in a Slack workspace',
  'slack-removed': 'The app was removed from a Slack workspace',
  'people-imported': 'People were imported',
  'person-deactivated': 'A person was taken out',
  'person-activated': 'A person was let in again',
  'cards-imported': 'Cards were imported',
  'cards-import-waits': 'Cards were imported and wait for a second administrator',
  'cards-import-committed': 'A second administrator committed the import of cards',
  'cards-import-dropped': 'An administrator dropped an import of cards',
  'cards-renewed': 'A file of new secrets for cards was imported',
  'card-renewed': 'A card got a new secret',
  'card-released': 'Two administrators released a card',
  'card-returned': 'A card was taken back',
  'card-assigned': 'A card was handed out',
  'numbers-told': 'The numbers of a month were sent',
  'master-key-imported': 'A master key was imported',
  'keys-rotation-began': 'Rotation of the key-encryption key began',
  'keys-rotation-ended': 'Rotation of the key-encryption key ended',
  'keys-backed-up': 'The keys were backed up',
  'installation-marked': 'This database was marked',
  'policy-loaded': 'A policy was loaded',
  'policy-applied': 'A policy came into force',
  'calendar-loaded': 'A calendar beside the policy was read again',
  'breaker-opened': 'The breaker opened: no card is unblocked',
  'breaker-released': 'Two administrators released the breaker',
  'wrong-codes-alarm': 'Security was told of many wrong codes',
  started: 'Countersign started',
};
