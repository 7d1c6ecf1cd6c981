// What comes back from a platform is text: these tell whether it names a button or a dialog of ours.
import type { ActionName, FormName } from './message.js';

/** A record, so that a name added to the contract and forgotten here does not compile. */
const ACTIONS: Record<ActionName, true> = {
  'start-unblock': true,
  'show-response': true,
  'give-new-challenge': true,
  cancel: true,
  approve: true,
  deny: true,
  revoke: true,
  'show-number': true,
  'not-my-report': true,
  'it-worked': true,
  'it-was-refused': true,
  'not-me': true,
  'my-authenticator': true,
  'my-recovery-codes': true,
  'link-account': true,
  'help-caller': true,
  'sealed-codes': true,
  acknowledge: true,
  vouch: true,
  delegate: true,
  'end-delegation': true,
};

const FORMS: Record<FormName, true> = {
  unblock: true,
  'show-response': true,
  response: true,
  'new-challenge': true,
  approve: true,
  deny: true,
  'not-me': true,
  enroll: true,
  'enroll-prove': true,
  'recovery-codes': true,
  link: true,
  caller: true,
  assist: true,
  'sealed-codes': true,
  acknowledge: true,
  vouch: true,
  delegate: true,
  notice: true,
};

/** Every name of a button. */
export const ACTION_NAMES: readonly string[] = Object.keys(ACTIONS);
/** Every name of a dialog. */
export const FORM_NAMES: readonly string[] = Object.keys(FORMS);

export function isActionName(name: unknown): name is ActionName {
  return typeof name === 'string' && Object.hasOwn(ACTIONS, name);
}

export function isFormName(name: unknown): name is FormName {
  return typeof name === 'string' && Object.hasOwn(FORMS, name);
}
