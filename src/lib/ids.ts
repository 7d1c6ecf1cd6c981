// Identifiers and one-time words, all from the system's random generator.
import { randomBytes, randomUUID } from 'node:crypto';

/** A random row id (UUID version 4, 122 random bits). */
export function newId(): string {
  return randomUUID();
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text has the form of a row id: what comes with a button or a form is text until then. */
export function isId(text: string): boolean {
  return ID.test(text);
}

/** Random bits in base64url, for form ids, cookies and other opaque tokens. */
export function newToken(bits = 128): string {
  return randomBytes(Math.ceil(bits / 8)).toString('base64url');
}

// Crockford's base32: no I, L, O or U, so that a code survives being read aloud or copied from paper.
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** `length` characters of Crockford base32, 5 random bits each. */
export function newReadableCode(length: number): string {
  return Array.from(randomBytes(length), (byte) => CROCKFORD.charAt(byte & 31)).join('');
}

/** What a person typed for a readable code: case, blanks, dashes and look-alikes (O, I, L) do not matter. */
export function normaliseReadableCode(typed: string): string {
  return typed.toUpperCase().replace(/[\s\-–—._]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
}
