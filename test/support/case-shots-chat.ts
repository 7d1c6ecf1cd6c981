// The cases about chat itself: outages, copies, and who is reached where.
import { AGENT, APPROVER, ASKER, type CaseShots, DESK, hear, MANAGER, noInChat, no, see } from './shots.js';

export const CHAT_SHOTS: CaseShots = {
  'outage-after-release': [see('dialog-response', ASKER), see('approver-approved', 'Who approved, during the outage'), see('approver-answered', 'The same, after it')],
  'chat-is-down': [see('approver-awaiting-approval', 'Who is asked, when chat is back')],
  'message-deleted': [see('requester-awaiting-approval', 'Who asks, before they deleted it'), see('requester-approved', 'Who asks, with the next change')],
  'bot-removed': [see('approver-awaiting-approval', MANAGER), see('requester-approved'), see('channel-approved', 'The channel, when the bot is back')],
  'crowded-channel': [see('channel-awaiting-approval', 'Each of those who may decide'), see('channel-approved')],
  'reached-nowhere': [see('channel-awaiting-unusual'), see('approver-awaiting-approval', 'The manager, who has the app by now')],
  'two-platforms': [see('requester-awaiting-approval', 'Who asks, in Teams'), see('requester-awaiting-approval', 'Who asks, in Slack'), see('approver-approved', 'Who approved in one, in both')],
  'delivered-twice': [hear(ASKER, ({ say }) => say.accepted), hear('The same, again', ({ say }) => say.accepted), hear(APPROVER, ({ say }) => say.voted), hear('The same, again', ({ say }) => say.voted)],
  'words-in-chat': [see('welcome', ASKER), see('home', ASKER), hear('Whoever writes in a channel', ({ say }) => say.personalOnly, 'chat')],
  'monthly-numbers': [see('told-others-monthly-numbers', 'The lead')],
  'too-fast': [noInChat('Whoever presses too often', 'too-fast')],
  'audit-away': [no(ASKER, 'audit-unavailable'), no(APPROVER, 'audit-unavailable')],
  'slow-or-broken': [hear(ASKER, ({ say }) => say.wait), hear(ASKER, ({ say }) => say.tooSlow, 'chat'), hear(ASKER, ({ say }) => say.fault('7f3c'), 'chat'), hear(ASKER, ({ say }) => say.windowOver)],
  'changed-in-the-database': [hear(AGENT, ({ say }) => say.fault('91be'), 'chat'), see('approver-awaiting-approval', DESK)],
};
