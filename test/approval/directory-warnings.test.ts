// What a policy means for the people there are.
import { describe, expect, it } from '@jest/globals';
import { directoryWarnings } from '../../src/approval/directory-warnings.js';
import { parsePolicy } from '../../src/approval/policy-file.js';
import type { Person } from '../../src/directory/person.js';

function person(id: string, more: Partial<Person> = {}): Person {
  return { id, name: id, email: `${id}@example.com`, managerId: null, groups: [], site: null, locale: null, active: true, ...more };
}

function crowd(count: number, group: string): Person[] {
  return Array.from({ length: count }, (_, index) => person(`${group}${index}`, { groups: [group] }));
}

function warnings(rules: string, ...people: readonly Person[]): string[] {
  const read = parsePolicy(`version: 1\n${rules}`);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return directoryWarnings(read.policy, people);
}

const SECURITY = 'rules: [{ name: all, approvals: [{ from: [manager, "group:Security"] }] }]';
const DESK = 'rules: [{ name: all, approvals: [{ from: [manager, helpdesk] }] }]';

describe('directoryWarnings', () => {
  it('has none where a few people are asked, and a whole helpdesk in its channel', () => {
    expect(warnings(SECURITY, ...crowd(20, 'security'))).toEqual([]);
    expect(warnings(DESK, ...crowd(50, 'helpdesk'))).toEqual([]);
  });

  it('warns of a rule that asks more than twenty people one by one, not counting who left', () => {
    expect(warnings(SECURITY, ...crowd(21, 'security'))).toEqual(['Rule "all" asks 21 people one by one: name a smaller group, or a rota.']);
    expect(warnings(SECURITY, ...crowd(20, 'security'), person('left', { groups: ['security'], active: false }))).toEqual([]);
  });

  it('warns of a group that nobody is in', () => {
    expect(warnings(SECURITY, person('left', { groups: ['security'], active: false }))).toEqual(['Rule "all" counts on the group Security, and nobody is in it.']);
    expect(warnings(DESK)).toEqual(['Rule "all" counts on the group helpdesk, and nobody is in it.']);
  });

  it('warns of a rule for which there are too few people, also where one would have to stand in two places', () => {
    const three = 'rules: [{ name: all, approvals: [{ from: [helpdesk], count: 3 }] }]';
    const sentence = 'Rule "all" can never be complete: there are too few people in helpdesk.';
    expect(warnings(three, ...crowd(2, 'helpdesk'))).toEqual([sentence]);
    expect(warnings(three, ...crowd(3, 'helpdesk'))).toEqual([]);
    const wider = 'rules: [{ name: all, approvals: [{ from: [helpdesk], count: 3, escalateTo: ["group:it"], escalateMinutes: 5 }] }]';
    expect(warnings(wider, ...crowd(2, 'helpdesk'), ...crowd(1, 'it'))).toEqual([]);
    const both = 'rules: [{ name: all, approvals: [{ from: [helpdesk] }, { from: ["group:it"] }] }]';
    expect(warnings(both, person('a', { groups: ['helpdesk', 'it'] }))).toHaveLength(1);
  });

  it('warns of somebody on call who is not there', () => {
    const rota = "rotas: [{ name: night, timeZone: UTC, weekly: [{ person: ghost, days: [monday], from: '18:00', to: '24:00' }] }]";
    const sentence = 'Rota "night" names ghost, who is not in the directory or not active: nobody is asked in their place.';
    expect(warnings(`${rota}\n${DESK}`, person('h', { groups: ['helpdesk'] }))).toEqual([sentence]);
    expect(warnings(`${rota}\n${DESK}`, person('h', { groups: ['helpdesk'] }), person('ghost'))).toEqual([]);
  });

  it('warns of a second account that may approve what the first asks for', () => {
    const desk = person('A1', { name: 'Sam Ortiz', groups: ['helpdesk'] });
    const own = person('E1', { name: 'sam ortiz' });
    expect(warnings(DESK, desk, own)).toEqual([
      'sam ortiz is there twice (E1, A1): if that is one human, rule "all" lets A1 approve what E1 asks for.',
    ]);
    const managed = person('E1', { name: 'Sam Ortiz', managerId: 'A1' });
    const rule = 'rules: [{ name: boss, approvals: [{ from: [manager] }] }]';
    expect(warnings(rule, person('A1', { name: 'Sam Ortiz' }), managed)).toHaveLength(1);
    expect(warnings(rule, person('A1', { name: 'Sam Ortiz' }), person('E1', { name: 'Sam Ortiz' }))).toEqual([]);
  });

  it('warns of a second account that stands in for the manager of the first', () => {
    const rule = 'rules: [{ name: boss, approvals: [{ from: [manager] }] }]';
    const twins = [person('A1', { name: 'Sam Ortiz' }), person('E1', { name: 'Sam Ortiz', managerId: 'M1' })];
    const away = person('M1', { standIn: { personId: 'A1', from: 0, until: 1, now: true } });
    expect(warnings(rule, ...twins, person('M1'))).toEqual([]);
    expect(warnings(rule, ...twins, away)).toEqual(['Sam Ortiz is there twice (E1, A1): if that is one human, rule "boss" lets A1 approve what E1 asks for.']);
  });
});
