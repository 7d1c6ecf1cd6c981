// The Teams app package: valid for Microsoft's own validator, and a ZIP of the three files that Teams wants.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { fillManifest, packageApp } from '../../../src/chat/teams/manifest.js';

const FACTS = {
  appId: '11111111-2222-4333-8444-555555555555',
  url: 'https://unblock.example.com',
  privacyUrl: 'https://example.com/privacy',
  termsUrl: 'https://example.com/terms',
  version: '1.2.3',
};
const TEMPLATE = readFileSync('manifests/teams/manifest.json', 'utf8');

// In a process of its own: one of the validator's own dependencies does not load inside of the test runner.
const VALIDATE = `
import { AppManifestUtils } from '@microsoft/app-manifest';
import { text } from 'node:stream/consumers';
console.log(JSON.stringify(await AppManifestUtils.validateAgainstSchema(JSON.parse(await text(process.stdin)))));
`;

function problemsOf(manifest: string): readonly string[] {
  const told = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', VALIDATE], { input: manifest, encoding: 'utf8' });
  return z.array(z.string()).parse(JSON.parse(told));
}

describe('the manifest', () => {
  it("is valid for Microsoft's validator, as it lies there and filled in", () => {
    expect(problemsOf(TEMPLATE)).toEqual([]);
    expect(problemsOf(fillManifest(TEMPLATE, FACTS))).toEqual([]);
  });

  it('names the bot, the addresses and the domain that were given', () => {
    expect(JSON.parse(fillManifest(TEMPLATE, FACTS))).toMatchObject({
      id: FACTS.appId,
      version: '1.2.3',
      bots: [{ botId: FACTS.appId, scopes: ['personal', 'team'] }],
      composeExtensions: [{ botId: FACTS.appId, commands: [{ id: 'assist', type: 'action', fetchTask: true }] }],
      developer: { websiteUrl: FACTS.url, privacyUrl: FACTS.privacyUrl, termsOfUseUrl: FACTS.termsUrl },
      validDomains: ['unblock.example.com'],
    });
  });

  it('with a name that is too long would not be valid', () => {
    const long = TEMPLATE.replace('"short": "Countersign"', `"short": "${'C'.repeat(31)}"`);
    expect(problemsOf(long)).not.toEqual([]);
  });
});

describe('the package', () => {
  const app = packageApp(fillManifest(TEMPLATE, FACTS));

  it('holds the manifest and the two icons, and is the same every time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
    const file = join(folder, 'app.zip');
    writeFileSync(file, app);
    execFileSync('python3', ['-m', 'zipfile', '-t', file]);
    execFileSync('python3', ['-m', 'zipfile', '-e', file, folder]);
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(fillManifest(TEMPLATE, FACTS));
    expect(sizeOf(readFileSync(join(folder, 'color.png')))).toEqual([192, 192]);
    expect(sizeOf(readFileSync(join(folder, 'outline.png')))).toEqual([32, 32]);
    expect(packageApp(fillManifest(TEMPLATE, FACTS))).toEqual(app);
  });

  it('has an outline that is white or nothing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-app-'));
    writeFileSync(join(folder, 'app.zip'), app);
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, 'app.zip'), folder]);
    const pixels = pixelsOf(readFileSync(join(folder, 'outline.png')));
    expect(pixels.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)).toBe(true);
    expect(new Set(pixels.map(([, , , alpha]) => alpha === 0)).size).toBe(2);
  });
});

function sizeOf(png: Buffer): readonly number[] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

function pixelsOf(png: Buffer): readonly (readonly number[])[] {
  const length = png.readUInt32BE(33);
  const raw = inflateSync(png.subarray(41, 41 + length));
  const [width = 0, height = 0] = sizeOf(png);
  return Array.from({ length: width * height }, (_, at) => {
    const start = Math.floor(at / width) * (width * 4 + 1) + 1 + (at % width) * 4;
    return [...raw.subarray(start, start + 4)];
  });
}
