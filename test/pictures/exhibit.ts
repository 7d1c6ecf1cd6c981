// One thing of the gallery as Slack shows it on a phone.
import { languagesWith } from '../../src/chat/languages.js';
import { drawMessage } from '../../src/chat/slack/blocks.js';
import { formView, homeView } from '../../src/chat/slack/dialog-view.js';
import { type FormExhibit, GALLERY_NOW, type MessageExhibit } from '../support/gallery.js';
import { homeHtml, messageHtml, modalHtml } from './block-kit.js';

export const PICTURE_SPEECH = languagesWith('en', 'UTC', () => GALLERY_NOW).byDefault;

/** `errors` of a dialog, by field; `onlyWrong`: without all that there is nothing wrong with. */
export function exhibitHtml(exhibit: MessageExhibit | FormExhibit, errors: Readonly<Record<string, string>> = {}, onlyWrong = false): string {
  if (exhibit.place === 'dialog') {
    const form = exhibit.draw(PICTURE_SPEECH);
    const shown = onlyWrong ? { ...form, blocks: [], fields: form.fields.filter(({ id }) => errors[id] !== undefined) } : form;
    return modalHtml(formView(shown, 'n'), errors);
  }
  const message = exhibit.draw(PICTURE_SPEECH);
  return exhibit.place === 'home' ? homeHtml(homeView(message)) : messageHtml(drawMessage(message).blocks);
}
