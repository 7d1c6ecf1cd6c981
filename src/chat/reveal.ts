// From a released response to the one dialog that shows it.
import type { Response } from '../card/response.js';
import { isRefused, refuse, type Refused } from '../lib/refusal.js';
import type { Refusal } from '../unblock/desk.js';
import type { RequestPicture } from '../unblock/request-store.js';
import type { UnblockRequest } from '../unblock/request.js';
import type { Reply } from './event.js';
import { responseForm } from './forms.js';
import { refused } from './replies.js';
import type { Speech } from './speech.js';

/** Draws the response and wipes it: from here on it is in the platform's hands. */
export function replyWithResponse(
  shown: { readonly request: UnblockRequest; readonly response: Response } | Refused<Refusal>,
  picture: RequestPicture,
  speech: Speech,
): Reply {
  if (isRefused(shown)) return refused(shown, speech);
  const { request, response } = shown;
  try {
    if (request.state !== 'answered') return refused(refuse('not-now'), speech);
    return { kind: 'form', form: responseForm(request, picture.card, response, speech) };
  } finally {
    response.wipe();
  }
}
