// The table of card profiles for a terminal of 80 columns, and as docs/cards.md.
import type { CardProfile } from '../card/profile.js';
import { factsOf, type Fact } from './profile-facts.js';

const COLUMNS = 80;
const LABEL_COLUMNS = 15;
const INDENT = 2;

/** One block of lines for each profile. */
export function profilesAsText(profiles: readonly CardProfile[]): string {
  return profiles.map(asText).join('\n');
}

function asText(profile: CardProfile): string {
  const lines = factsOf(profile).flatMap(({ label, texts }) => {
    const told = texts.flatMap((text) => wrapped(text, COLUMNS - INDENT - LABEL_COLUMNS));
    return told.map((line, at) => ' '.repeat(INDENT) + (at === 0 ? label : '').padEnd(LABEL_COLUMNS) + line);
  });
  return [...wrapped(`${profile.id}: ${profile.name}`, COLUMNS), ...lines, ''].join('\n');
}

/** Lines of at most `width` characters; a longer word, such as a key, has a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const joined = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}

const PREAMBLE = `# Cards

What Countersign knows of each kind of card: how its PIN is unblocked, what its holder reads off the screen, and where
that comes from. \`countersign card profiles --markdown\` prints this page; \`countersign card profiles\` shows the same for
a terminal.

- **Confirmed** means that the response or the PUK was seen to reset a PIN on such a card, or that its vendor says so.
  Everything else is not confirmed: try it on a spare card before you rely on it.
- **Assumed** facts are those that no source states.
- An unknown number of **tries** counts as five, the lowest that a vendor is known to set.
- A **default key** is one that the vendor ships and publishes. Whoever knows it can answer for the card, so an import
  refuses it.
- Windows shows its unblock screen only where the group policy *Allow Integrated Unblock screen to be displayed at the
  time of logon* (Administrative Templates, Windows Components, Smart Card) is enabled, and not in a Remote Desktop
  session.

A card that is not here gets a profile of your own, without touching code: see [card-profiles.yaml](card-profiles.yaml).
`;

/** The text of docs/cards.md, which a test compares with the file. */
export function profilesAsMarkdown(profiles: readonly CardProfile[]): string {
  const index = ['| Profile | Card | Unlocked by | |', '| --- | --- | --- | --- |', ...profiles.map(asRow)].join('\n');
  return [PREAMBLE, `${index}\n`, ...profiles.map(asSection)].join('\n');
}

function asRow({ id, name, unlock, confirmed }: CardProfile): string {
  return `| [${id}](#${id}) | ${escaped(name)} | ${unlock} | ${confirmed ? 'confirmed' : 'not confirmed'} |`;
}

function asSection(profile: CardProfile): string {
  return `## ${profile.id}\n\n${escaped(profile.name)}\n\n${factsOf(profile).map(asItem).join('\n')}\n`;
}

function asItem({ label, texts }: Fact): string {
  const [only, ...more] = texts.map(escaped);
  if (only !== undefined && more.length === 0) return `- **${label}**: ${only}`;
  // A step brings its own number.
  const points = texts.map((text) => (/^\d+\. /.test(text) ? `  ${escaped(text)}` : `  - ${escaped(text)}`));
  return [`- **${label}**:`, ...points].join('\n');
}

/** Text that Markdown leaves as it is, in a table as well. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, '\\$&');
}
