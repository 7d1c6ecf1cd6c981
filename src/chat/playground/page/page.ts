// The playground's page: one person tries every role, each in a pane of its own.
import { RequestRefused, enter, fetchWorld, listen } from './api.js';
import { ChatPane } from './chat-pane.js';
import { CodesPane } from './codes-pane.js';
import { find } from './dom.js';
import { PcPane } from './pc-pane.js';
import { Tabs } from './tabs.js';
import { TrailPane } from './trail-pane.js';
import type { World, WorldPart } from './wire.js';

const EVERYTHING: readonly WorldPart[] = ['people', 'cards', 'places', 'trail'];

const notice = find(document, '.notice', HTMLElement);
const line = find(document, '.line', HTMLElement);
const main = find(document, 'main', HTMLElement);

const tabs = new Tabs(find(document, '.tabs', HTMLElement), [...document.querySelectorAll<HTMLElement>('.panel')], (name) =>
  chats.find((chat) => chat.name === name)?.showLatest(),
);
const pc = new PcPane(region('Locked PC'), () => tabs.markNew('Locked PC'));
const codes = new CodesPane(region('Authenticator'));
const trail = new TrailPane(region('What just happened'), () => tabs.markNew('What just happened'));
const chats = ['Employee', 'Manager', 'Helpdesk'].map(
  (name) =>
    new ChatPane(region(name), {
      onNews: () => tabs.markNew(name),
      onWho: (personId) => {
        if (name === 'Employee') pc.chooseCardOf(personId);
      },
    }),
);

let stale = new Set<WorldPart>();
let fetching = false;
/** After the first look at the people, who stands where is the reader's own choice. */
let settled = false;

await start();

async function start(): Promise<void> {
  addEventListener('hashchange', () => location.reload());
  try {
    await enter();
  } catch (error) {
    stop(error);
    return;
  }
  listen({
    onOpen: () => {
      setLine('live', 'Live');
      refresh(EVERYTHING);
    },
    onChanged: refresh,
    onCodes: (views) => codes.showCodes(views),
    onLost: (final) => {
      setLine('lost', 'Connecting again');
      if (final) refresh(EVERYTHING);
    },
  });
}

/** Fetches what is stale; what becomes stale meanwhile is fetched once more, together. */
function refresh(parts: readonly WorldPart[]): void {
  for (const part of parts) stale.add(part);
  if (!fetching) void fetchStale();
}

async function fetchStale(): Promise<void> {
  fetching = true;
  try {
    while (stale.size > 0) {
      const parts = [...stale];
      stale = new Set();
      show(await fetchWorld(parts));
    }
  } catch (error) {
    stop(error);
  } finally {
    fetching = false;
  }
}

function show({ people, cards, places, trail: told }: Partial<World>): void {
  notice.hidden = true;
  main.hidden = false;
  if (cards !== undefined) pc.showCards(cards);
  if (people !== undefined) {
    pc.showPeople(people);
    codes.showPeople(people);
    for (const chat of chats) chat.showPeople(people);
    if (!settled) pc.chooseCardOf(chats[0]?.personId ?? '');
    settled = true;
  }
  if (places !== undefined) for (const chat of chats) chat.showPlaces(places);
  if (told !== undefined) trail.show(told);
}

/** Without the cookie there is nothing to see; a server that is only away comes back by itself. */
function stop(error: unknown): void {
  if (error instanceof RequestRefused && error.status === 0) {
    setLine('lost', 'Connecting again');
    return;
  }
  setLine('lost', 'Not connected');
  main.hidden = true;
  notice.hidden = false;
  notice.textContent = error instanceof RequestRefused ? error.message : 'Something went wrong. Load the page again.';
}

function setLine(state: 'live' | 'lost', text: string): void {
  line.dataset['state'] = state;
  line.textContent = text;
}

function region(name: string): HTMLElement {
  return find(document, `section[aria-label="${name}"]`, HTMLElement);
}
