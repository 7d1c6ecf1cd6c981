// Where the cluster lies: in the data folder, unless PostgreSQL's user cannot reach that.
import { createHash } from 'node:crypto';
import { access, chmod, constants, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EmbeddedError } from './embedded-error.js';
import { canReach, isRoot, type RunAs } from './run-as.js';

/** Others may pass through and see nothing: PostgreSQL's user must get by on its way to the cluster. */
const PASSABLE = 0o711;
const PRIVATE = 0o700;
const SYSTEM_FOLDER = '/var/lib/countersign';

/** Makes the data folder if need be and returns its one true path. */
export async function openDataFolder(dataFolder: string): Promise<string> {
  const path = resolve(dataFolder);
  try {
    const made = await mkdir(path, { recursive: true });
    if (made !== undefined) await chmod(path, isRoot() ? PASSABLE : PRIVATE);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw new EmbeddedError('folder-unusable', `${path} must be a folder that this user may read and write.`, error);
  }
}

/** The cluster's place inside a data folder. */
export function clusterInside(dataFolder: string): string {
  return join(dataFolder, 'postgres');
}

/**
 * A folder for a new cluster that `user` can reach but which is not the data folder's own: below /var/lib/countersign
 * or, where that cannot be had, below the system's folder for temporary files. Null when the data folder will do.
 */
export async function placeElsewhere(dataFolder: string, user: RunAs): Promise<string | null> {
  if (await canReach(dataFolder, user)) return null;
  for (const folder of [SYSTEM_FOLDER, tmpdir()]) {
    const place = await makePlace(folder, dataFolder);
    if (place !== null && (await canReach(place, user))) return join(place, 'postgres');
  }
  throw new EmbeddedError(
    'folder-unusable',
    'PostgreSQL does not run as root, and no other user reaches a folder here. Start as another user, or set DATABASE_URL.',
  );
}

/** A new folder whose name nobody can have taken before us; the same data folder begun anew gets another one. */
async function makePlace(parent: string, dataFolder: string): Promise<string | null> {
  const name = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  try {
    if ((await mkdir(parent, { recursive: true })) !== undefined) await chmod(parent, PASSABLE);
    const place = await mkdtemp(join(parent, `countersign-${name}-`));
    await chmod(place, PASSABLE);
    return place;
  } catch {
    return null;
  }
}
