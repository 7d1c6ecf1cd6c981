// What the people in each case of docs/policy.md see, in the order in which they see it, by the name of the case's picture.
import { APPROVER_SHOTS } from './case-shots-approvers.js';
import { CARD_SHOTS } from './case-shots-cards.js';
import { CHAT_SHOTS } from './case-shots-chat.js';
import { CODE_SHOTS } from './case-shots-codes.js';
import type { CaseShots } from './shots.js';

export const CASE_SHOTS: CaseShots = { ...CARD_SHOTS, ...CODE_SHOTS, ...APPROVER_SHOTS, ...CHAT_SHOTS };
