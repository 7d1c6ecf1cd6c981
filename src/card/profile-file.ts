// A site's own card profiles, from the text of a YAML file, with every problem told at once.
import { z } from 'zod';
import { readYaml } from '../lib/yaml-file.js';
import type { FileProblem, YamlFile } from '../lib/yaml-file.js';
import { inFileOrder, nearestKnown, problemAt, problemsOf } from '../lib/yaml-problems.js';
import { lostCard, pukCard, windowsCard } from './profile-rows.js';
import { profileFileSchema } from './profile-shape.js';
import type { WrittenProfile } from './profile-shape.js';
import type { CardProfile } from './profile.js';
import { BUILT_IN_PROFILES } from './profiles.js';

export type ProfileFile = { readonly profiles: readonly CardProfile[] } | { readonly problems: readonly FileProblem[] };

/**
 * Reads a file of card profiles (YAML 1.2; docs/card-profiles.yaml shows one): the profiles, or all that is wrong with
 * them in the order of the file. Texts that a `cryptogram` profile leaves out are those of Windows' unblock screen.
 */
export function parseProfiles(text: string): ProfileFile {
  const file = readYaml(text, { kind: 'file of card profiles' });
  if ('problems' in file) return file;
  const shape = profileFileSchema.safeParse(file.value, { reportInput: true });
  const problems = [...problemsOf(shape.error?.issues ?? [], file, nearestKnown), ...takenIds(file)];
  if (shape.success && problems.length === 0) return { profiles: shape.data.profiles.map(toProfile) };
  return { problems: inFileOrder(problems) };
}

function toProfile({ unlock, cipher, instead, ...own }: WrittenProfile): CardProfile {
  if (unlock === 'not-recoverable') return lostCard({ ...own, instead: instead ?? '' });
  if (unlock !== 'cryptogram') return pukCard(cipher ?? null, { ...own, unlock });
  if (cipher === undefined) throw new Error(`the card profile ${own.id} has no cipher`);
  return windowsCard(cipher, own);
}

const idsOnly = z.object({ profiles: z.array(z.object({ id: z.string() }).nullable().catch(null)) });

/** Ids that a built-in profile has already, or an earlier one of the file. */
function takenIds(file: YamlFile): readonly FileProblem[] {
  const ids = (idsOnly.safeParse(file.value).data?.profiles ?? []).map((profile) => profile?.id ?? null);
  return ids.flatMap((id, at) => {
    if (id === null) return [];
    const path = ['profiles', at, 'id'];
    if (BUILT_IN_PROFILES.find(id) !== null) return [problemAt(path, 'is that of a built-in profile: choose another', file)];
    return ids.indexOf(id) < at ? [problemAt(path, 'stands in the file twice', file)] : [];
  });
}
