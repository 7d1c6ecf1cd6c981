// A posted copy that asks for its newest state, as the one person may see it who looks at it.
import { roleOf } from '../unblock/standing.js';
import type { ChatEvent, Reply } from './event.js';
import type { Turn } from './turn.js';
import { approverMessage } from './views.js';

/** With its buttons, for those who may decide the request; nothing for everybody else. */
export async function onRefresh({ desk, person, speech }: Turn, { target }: Extract<ChatEvent, { kind: 'refreshed' }>): Promise<Reply> {
  const picture = await desk.picture(target, person.id);
  if (picture === null || roleOf(picture.request, picture.people, person.id) === null) return { kind: 'nothing' };
  return { kind: 'message', message: approverMessage(picture, person.id, speech) };
}
