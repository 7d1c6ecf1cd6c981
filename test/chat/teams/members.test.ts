// Who counts as a full member of the tenant, by what Teams answers about them.
import { describe, expect, it } from '@jest/globals';
import { isOutsider, memberIn } from '../../../src/chat/teams/members.js';
import { TENANT } from '../../support/teams-service.js';

const USER = '11111111-2222-4333-8444-000000000001';
const ASKED = { tenantId: TENANT, userId: USER };
const EMMA = { id: '29:emma', aadObjectId: USER, tenantId: TENANT, userPrincipalName: 'emma@example.com' };

describe('a member', () => {
  it.each(['user', 'owner', undefined])('of the tenant with the role %s is one', (userRole) => {
    expect(memberIn({ ...EMMA, ...(userRole === undefined ? {} : { userRole }) }, ASKED)).toEqual({ full: true, emails: ['emma@example.com'] });
  });

  it.each([
    ['a guest', { ...EMMA, userRole: 'guest' }],
    ['a guest by the sign-in name', { ...EMMA, userPrincipalName: 'emma_example.org#EXT#@example.com' }],
    ['somebody anonymous', { ...EMMA, userRole: 'anonymous' }],
    ['somebody of another tenant', { ...EMMA, tenantId: USER }],
    ['somebody of whom no tenant is told', { id: '29:emma', aadObjectId: USER, userPrincipalName: 'emma@example.com', userRole: 'user' }],
    ['somebody of whom neither role nor sign-in name is told', { id: '29:emma', aadObjectId: USER, tenantId: TENANT, email: 'emma@example.com' }],
    ['another person than the one who was asked for', { ...EMMA, aadObjectId: TENANT }],
  ])('is not %s', (_, found) => {
    expect(memberIn(found, ASKED)).toEqual({ full: false, emails: [] });
  });

  it('of a channel is an outsider as a guest too, though Teams names our tenant', () => {
    expect(isOutsider({ ...EMMA, userRole: 'guest' }, TENANT)).toBe(true);
    expect(isOutsider({ ...EMMA, userRole: 'owner' }, TENANT)).toBe(false);
  });
});
