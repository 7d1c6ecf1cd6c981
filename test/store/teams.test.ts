// Where the bot may speak in Teams, as it is kept: the latest place counts, and a changed row is not believed.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrismaTeams } from '../../src/store/teams.js';
import { HOUR_MS } from '../../src/lib/clock.js';
import { openWorld, type World } from '../support/world.js';

const TENANT = 'a-tenant';
const PLACE = { conversationId: 'a:one', serviceUrl: 'https://smba.trafficmanager.net/emea/' };

let world: World;
let memory: PrismaTeams;
beforeAll(async () => {
  world = await openWorld();
  memory = new PrismaTeams(world.parts);
});
afterAll(() => world.close());

describe('a place', () => {
  it('is found by its person and by its conversation, until it is forgotten', async () => {
    await Promise.all([memory.keepPlace(TENANT, PLACE, 'emma'), memory.keepPlace(TENANT, PLACE, 'emma')]);
    expect(await memory.personalPlace(TENANT, 'emma')).toMatchObject(PLACE);
    expect(await memory.place(PLACE.conversationId)).toMatchObject(PLACE);
    expect(await memory.personalPlace('another-tenant', 'emma')).toBeNull();
    await memory.forgetPlace(PLACE.conversationId);
    expect(await memory.personalPlace(TENANT, 'emma')).toBeNull();
  });

  it('takes the place of the one before', async () => {
    await memory.keepPlace(TENANT, PLACE, 'emma');
    world.clock.forward(1_000);
    const moved = { conversationId: 'a:two', serviceUrl: 'https://smba.trafficmanager.net/apac/' };
    await memory.keepPlace(TENANT, moved, 'emma');
    expect(await memory.personalPlace(TENANT, 'emma')).toMatchObject(moved);
    expect(await memory.place(PLACE.conversationId)).toBeNull();
    expect(await memory.latestServiceUrl(TENANT)).toBe(moved.serviceUrl);
  });

  it.each(['serviceUrl', 'userId', 'tenant', 'conversationId'])('whose %s somebody changed in the database is not believed', async (column) => {
    await memory.keepPlace('t', { ...PLACE, conversationId: 'a:three' }, 'dana');
    const { database } = world.parts;
    await database.$executeRawUnsafe(`UPDATE "TeamsConversation" SET "${column}" = 'changed' WHERE "conversationId" = 'a:three'`);
    const row = await database.teamsConversation.findFirstOrThrow({ where: { OR: [{ conversationId: 'a:three' }, { conversationId: 'changed' }] } });
    await expect(memory.place(row.conversationId)).rejects.toMatchObject({ code: 'row-tampered' });
    await database.teamsConversation.delete({ where: { id: row.id } });
  });
});

describe('a place that was changed in the database', () => {
  it('is written anew when Teams tells it again', async () => {
    const place = { ...PLACE, conversationId: 'a:four' };
    await memory.keepPlace('t', place, 'dana');
    await world.parts.database.$executeRaw`UPDATE "TeamsConversation" SET mac = decode(repeat('00', 32), 'hex') WHERE "conversationId" = 'a:four'`;
    await expect(memory.place('a:four')).rejects.toMatchObject({ code: 'row-tampered' });
    await memory.keepPlace('t', place, 'dana');
    expect(await memory.place('a:four')).toMatchObject(place);
  });
});

describe('a delivery', () => {
  it('is taken once, and again after an hour', async () => {
    const at = world.clock.now();
    expect((await Promise.all([memory.takeDelivery('one', at), memory.takeDelivery('one', at)])).filter(Boolean)).toHaveLength(1);
    world.clock.forward(HOUR_MS + 1);
    await memory.sweep();
    expect(await memory.takeDelivery('one', world.clock.now())).toBe(true);
  });
});
