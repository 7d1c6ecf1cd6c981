// The audit file only grows, survives a crash in the middle of a line, and reads back as it was written.
import { appendFile, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FileLine } from '../../src/audit/file-line.js';
import { AuditFile, readAuditFile } from '../../src/store/audit-file.js';

const NOTE = 'log\n3\nroot\n\n— log signature\n';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-file-'));
  path = join(folder, 'audit.log');
});

afterEach(() => rm(folder, { recursive: true }));

function leaf(index: number): Uint8Array {
  return new Uint8Array(32).fill(index);
}

function leaves(from: number, to: number): { index: number; leaf: Uint8Array }[] {
  return Array.from({ length: to - from }, (_, at) => ({ index: from + at, leaf: leaf(from + at) }));
}

async function lines(): Promise<FileLine[]> {
  const read: FileLine[] = [];
  for await (const line of (await readAuditFile(path)) ?? []) read.push(line);
  return read;
}

describe('the audit file', () => {
  it('is made empty, with mode 0600', async () => {
    const file = await AuditFile.open(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await file.end()).toEqual({ size: 0, lastLeaf: null, checkpointed: false, bytes: 0 });
  });

  it('reads back as it was written', async () => {
    const file = await AuditFile.open(path);
    await file.append(leaves(0, 3), NOTE);
    await file.append(leaves(3, 4), null);
    expect(await lines()).toEqual([
      { kind: 'leaf', index: 0, leaf: leaf(0) },
      { kind: 'leaf', index: 1, leaf: leaf(1) },
      { kind: 'leaf', index: 2, leaf: leaf(2) },
      { kind: 'checkpoint', note: NOTE },
      { kind: 'leaf', index: 3, leaf: leaf(3) },
    ]);
  });

  it('knows its end, with and without a checkpoint after the last entry', async () => {
    const file = await AuditFile.open(path);
    await file.append(leaves(0, 3), NOTE);
    expect(await file.end()).toMatchObject({ size: 3, lastLeaf: leaf(2), checkpointed: true });
    await file.append(leaves(3, 5), null);
    expect(await file.end()).toMatchObject({ size: 5, lastLeaf: leaf(4), checkpointed: false });
  });

  it('knows its end after a start', async () => {
    await (await AuditFile.open(path)).append(leaves(0, 3), NOTE);
    expect(await (await AuditFile.open(path)).end()).toMatchObject({ size: 3, checkpointed: true });
  });

  it('finds its last entry though much stands after it', async () => {
    const file = await AuditFile.open(path);
    await file.append(leaves(0, 3), null);
    for (let more = 0; more < 100; more += 1) await file.append([], 'x'.repeat(2_000));
    expect(await (await AuditFile.open(path)).end()).toMatchObject({ size: 3, lastLeaf: leaf(2), checkpointed: true });
  });

  it('goes on after what another process wrote', async () => {
    const [one, other] = [await AuditFile.open(path), await AuditFile.open(path)];
    await one.append(leaves(0, 2), NOTE);
    await other.append(leaves(2, 4), NOTE);
    expect(await one.end()).toMatchObject({ size: 4 });
  });

  it.each([1, 40, 67, 68])('cuts off the %i bytes of a line that a crash left, and writes it whole', async (written) => {
    const file = await AuditFile.open(path);
    await file.append(leaves(0, 2), NOTE);
    const whole = await readFile(path, 'utf8');
    await appendFile(path, `e 2 ${'02'.repeat(32)}`.slice(0, written));
    const again = await AuditFile.open(path);
    expect(await again.end()).toMatchObject({ size: 2, bytes: whole.length });
    await again.append(leaves(2, 3), null);
    expect(await readFile(path, 'utf8')).toBe(`${whole}e 2 ${'02'.repeat(32)}\n`);
  });

  it('is read without a last line that is still being written', async () => {
    await (await AuditFile.open(path)).append(leaves(0, 2), null);
    await appendFile(path, 'e 2 0202');
    expect((await lines()).map(({ kind }) => kind)).toEqual(['leaf', 'leaf']);
  });

  it('is read with every line that means nothing', async () => {
    await writeFile(path, 'e 0 00\n\nwhatever\n');
    expect(await lines()).toEqual([{ kind: 'damaged' }, { kind: 'damaged' }, { kind: 'damaged' }]);
  });

  it('has one path, whatever link it is opened by', async () => {
    const file = await AuditFile.open(path);
    await symlink(path, join(folder, 'link'));
    expect((await AuditFile.open(join(folder, 'link'))).path).toBe(file.path);
  });

  it('that is not there has no lines to compare with', async () => {
    expect(await readAuditFile(path)).toBeNull();
  });

  it('that cannot be written or read is a fault', async () => {
    await expect(AuditFile.open(folder)).rejects.toMatchObject({ code: 'file-unwritable' });
    await expect(AuditFile.open(join(folder, 'nowhere', 'audit.log'))).rejects.toMatchObject({ code: 'file-unwritable' });
    const read = async () => {
      for await (const line of (await readAuditFile(folder)) ?? []) expect(line).toBeUndefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
