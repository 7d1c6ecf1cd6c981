// Who counts as a full member, by what users.info says.
import { describe, expect, it } from '@jest/globals';
import { memberIn } from '../../../src/chat/slack/members.js';

const team = { teamId: 'T1', enterpriseId: null };
const organisation = { teamId: 'T1', enterpriseId: 'E1' };
const emma = { id: 'U1', team_id: 'T1', is_email_confirmed: true, profile: { email: 'Emma@Example.com' } };

describe('a person in Slack', () => {
  it('of the workspace is a full member, with a confirmed address in one form', () => {
    expect(memberIn(emma, team)).toEqual({ full: true, email: 'emma@example.com', locale: null });
    expect(memberIn({ ...emma, locale: 'de-DE' }, team).locale).toBe('de-DE');
  });

  it('of another workspace is none, unless the organisation is the same', () => {
    expect(memberIn({ ...emma, team_id: 'T2' }, team).full).toBe(false);
    expect(memberIn({ ...emma, team_id: 'T2' }, organisation).full).toBe(false);
    expect(memberIn({ ...emma, team_id: 'T2', enterprise_user: { enterprise_id: 'E1' } }, organisation).full).toBe(true);
  });

  it.each([{ deleted: true }, { is_bot: true }, { is_restricted: true }, { is_ultra_restricted: true }, { is_stranger: true }, { is_invited_user: true }, { id: 'USLACKBOT' }])(
    'with %p is none',
    (flag) => {
      expect(memberIn({ ...emma, ...flag }, team).full).toBe(false);
    },
  );

  it('has no address until Slack confirmed one', () => {
    expect(memberIn({ ...emma, is_email_confirmed: false }, team).email).toBeNull();
  });
});
