// The published vectors of this folder, read from their files.
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const proof = z.array(z.string());

const treeVectors = z.object({
  emptyRoot: z.string(),
  entries: z.array(z.string()),
  roots: z.array(z.string()),
  inclusion: z.array(z.object({ index: z.number(), size: z.number(), proof })),
  consistency: z.array(z.object({ from: z.number(), to: z.number(), proof })),
});

const noteVectors = z.object({
  note: z.object({
    name: z.string(),
    publicKey: z.string(),
    seed: z.string(),
    text: z.string(),
    signatureLine: z.string(),
    otherPublicKey: z.string(),
    otherSignatureLine: z.string(),
    badPublicKeys: z.record(z.string(), z.string()),
  }),
  checkpoint: z.object({ publicKey: z.string(), note: z.string(), origin: z.string(), size: z.number(), root: z.string() }),
});

export const tree = treeVectors.parse(readVectors('merkle-rfc6962'));
export const notes = noteVectors.parse(readVectors('signed-note'));

function readVectors(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'));
}

export function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

export function hex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}
