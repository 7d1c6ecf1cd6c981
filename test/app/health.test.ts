// What an operator's monitoring sees of a stopped organisation, and what the channels read.
import type { Server } from 'node:http';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readinessOf } from '../../src/app/readiness.js';
import { ENGLISH } from '../../src/chat/english.js';
import { healthRoutes, type Readiness } from '../../src/http/health.js';
import { openTheBreaker } from '../../src/store/breaker.js';
import { inTransaction } from '../../src/store/database.js';
import { settle, textOf } from '../flows/steps.js';
import { openWorld, type World } from '../support/world.js';

const QUIET = { policy: { trouble: () => null, warning: () => null }, schedules: { warning: () => null } };
const NEVER = new Promise<Readiness>(() => undefined);
let world: World;
let server: Server;
let look: () => Promise<Readiness>;

beforeAll(async () => {
  world = await openWorld();
  look = () => readinessOf(world.parts, QUIET);
  server = express().use(healthRoutes(() => look())).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
});
afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await world.close();
});

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const address = server.address();
  const answer = await fetch(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}${path}`);
  return { status: answer.status, body: await answer.json() };
}

describe('a breaker', () => {
  it('that is closed shows nothing', async () => {
    expect(await get('/health')).toEqual({ status: 200, body: { alive: true, checks: expect.objectContaining({ breaker: null }) } });
  });

  it('that opened shows on /health and on /ready, and leaves the process ready', async () => {
    await inTransaction(world.parts.database, (tx) => openTheBreaker(tx, 'hour', { at: world.clock.now(), rowMac: world.parts.rowMac, policyHash: null }));
    const breaker = expect.stringContaining(`open since ${world.clock.now().toISOString()}`);
    expect(await get('/health')).toMatchObject({ status: 200, body: { alive: true, checks: { breaker } } });
    expect(await get('/ready')).toMatchObject({ status: 200, body: { ready: true, checks: { breaker } } });
  });

  it('is told in the channels of the helpdesk and of security', async () => {
    await settle(world);
    const { text } = ENGLISH.event['breaker-opened']({ person: '', card: '', mine: false });
    for (const channel of ['channel:helpdesk', 'channel:security']) expect(textOf(world.platform.latest(channel))).toBe(text);
  });
});

describe('a process whose database', () => {
  it.each([
    ['does not answer', () => NEVER],
    ['fails', () => Promise.reject(new Error('down'))],
  ])('%s lives, and says no more', async (_what, then) => {
    look = then;
    expect(await get('/health')).toEqual({ status: 200, body: { alive: true } });
  });
});
