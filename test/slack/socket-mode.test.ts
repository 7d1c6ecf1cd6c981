// Socket Mode against a real WebSocket server: commands answered, repeats ignored, connections that Slack renews.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { startServer } from '../../src/app/server.js';
import { newId, newToken } from '../../src/lib/ids.js';
import { silentLog } from '../../src/lib/log.js';
import { eventually, SlackWorld, TEAM } from '../support/slack-world.js';

let world: SlackWorld;
let sockets: WebSocketServer;
const connected: WebSocket[] = [];
const acknowledged: { envelope_id: string; payload?: unknown }[] = [];

beforeAll(async () => {
  sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => {
    connected.push(socket);
    socket.on('message', (data: Buffer) => acknowledged.push(JSON.parse(data.toString('utf8')) as (typeof acknowledged)[number]));
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0' } }));
  });
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
  world = await SlackWorld.open({
    env: { SLACK_APP_TOKEN: 'xapp-of-a-test' },
    prepare: (slack) => {
      slack.socketUrls = [url, url, url, url, url, url];
    },
  });
  await eventually(() => (connected.length > 0 ? true : null));
});
afterAll(async () => {
  await world.close();
  for (const socket of connected) socket.terminate();
  sockets.close();
});

async function envelope(text: string, over: { readonly triggerId?: string; readonly socket?: WebSocket } = {}): Promise<string> {
  const id = newId();
  const triggerId = over.triggerId ?? (await world.slack.triggerId(world.id('emma')));
  const payload = { command: '/unblock', text, user_id: world.id('emma'), team_id: TEAM, channel_id: 'C0', trigger_id: triggerId, response_url: world.slack.responseUrl(newToken()), is_enterprise_install: 'false' };
  (over.socket ?? connected.at(-1))?.send(JSON.stringify({ type: 'slash_commands', envelope_id: id, payload, accepts_response_payload: true }));
  return id;
}

const acked = (id: string) => eventually(() => acknowledged.find(({ envelope_id: one }) => one === id) ?? null);

describe('over Socket Mode', () => {
  it('a command is acknowledged and opens the dialog', async () => {
    expect(await acked(await envelope(''))).not.toBeNull();
    expect(await eventually(() => (world.slack.views.size === 1 ? true : null))).toBe(true);
  });

  it('the same delivery again is acknowledged and does nothing', async () => {
    const triggerId = await world.slack.triggerId(world.id('emma'));
    expect(await acked(await envelope('', { triggerId }))).not.toBeNull();
    await eventually(() => (world.slack.views.size === 2 ? true : null));
    expect(await acked(await envelope('', { triggerId }))).not.toBeNull();
    expect(world.slack.called('views.open')).toHaveLength(2);
  });

  it('nothing is taken over HTTP', async () => {
    expect((await world.send(world.signed('{}', 'application/json'))).status).toBe(404);
  });

  it('a connection that Slack renews is taken over by the next one', async () => {
    const before = connected.length;
    connected.at(-1)?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'x' } }));
    expect(await eventually(() => (connected.length > before ? true : null))).toBe(true);
    expect(await acked(await envelope(''))).not.toBeNull();
  });

  it('a connection that broke is made again', async () => {
    const before = connected.length;
    connected.at(-1)?.terminate();
    expect(await eventually(() => (connected.length > before ? true : null))).toBe(true);
    expect(await acked(await envelope(''))).not.toBeNull();
  }, 20_000);

  it('a fault of Slack while it is made again is tried over, and ends nothing', async () => {
    const before = connected.length;
    const asked = () => world.slack.called('apps.connections.open').length;
    const askedBefore = asked();
    world.slack.fail('apps.connections.open', 'invalid_auth');
    connected.at(-1)?.terminate();
    expect(await eventually(() => (connected.length > before ? true : null), 1_500)).toBe(true);
    expect(asked() - askedBefore).toBe(2);
    expect(await acked(await envelope(''))).not.toBeNull();
  }, 40_000);

  it('one delivery on two connections at once, of a process each, is acknowledged on both and done once', async () => {
    const first = connected.at(-1);
    const other = await startServer({ config: world.config, clock: world.clock.now, log: silentLog, playground: false });
    const second = await eventually(() => (connected.at(-1) === first ? null : (connected.at(-1) ?? null)));
    if (first === undefined || second === null) throw new Error('there are no two connections');
    const opened = () => world.slack.called('views.open').length;
    const before = opened();
    const triggerId = await world.slack.triggerId(world.id('emma'));
    const ids = await Promise.all([first, second].map((socket) => envelope('', { triggerId, socket })));
    for (const id of ids) expect(await acked(id)).not.toBeNull();
    expect(await eventually(() => (opened() > before ? true : null))).toBe(true);
    await other.stop();
    expect(opened()).toBe(before + 1);
  }, 40_000);
});
