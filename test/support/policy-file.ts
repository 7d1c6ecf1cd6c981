// A policy in a file, for a server that reads one when it starts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface WrittenPolicy {
  /** What points the server at it. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

export async function writePolicy(text: string): Promise<WrittenPolicy> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-policy-'));
  const path = join(folder, 'policy.yaml');
  await writeFile(path, text);
  return { env: { COUNTERSIGN_POLICY: path }, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Every request is approved with a number that only the requester sees. */
export const NUMBER_POLICY = `version: 1
rules:
  - name: with a number
    numberMatch: true
    approvals: [{ from: [manager, helpdesk] }]
`;
