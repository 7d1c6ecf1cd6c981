// A derivation scheme: how a site makes each card's admin key from one master key and the card's serial.
import { z } from 'zod';
import { settings } from '../../lib/yaml-problems.js';
import { BLOCK_BYTES, KEY_BYTES } from '../cipher.js';

/** The longest constant, size or padded serial that a scheme may ask for, in bytes. */
export const LONGEST_DIVERSIFIER_BYTES = 128;

const hexText = z
  .string()
  .regex(/^(?:[0-9A-Fa-f]{2})*$/, 'must be pairs of hex digits')
  .max(LONGEST_DIVERSIFIER_BYTES * 2);
const size = z.int().min(1).max(LONGEST_DIVERSIFIER_BYTES);

/** `80-00`: one byte 80, then 00 (ISO/IEC 9797-1, padding method 2), which stands on the right. */
const fillers = {
  left: settings({ side: z.literal('left'), with: z.literal(['00', 'FF', '20']) }),
  right: settings({ side: z.literal('right'), with: z.literal(['00', 'FF', '20', '80-00']) }),
};
const side = { error: oneOf('left or right') };
const blockPadding = z.discriminatedUnion('side', [fillers.left, fillers.right], side);
const sizedFillers = {
  left: settings({ ...fillers.left.shape, bytes: size }),
  right: settings({ ...fillers.right.shape, bytes: size }),
};
const sizedPadding = z.discriminatedUnion('side', [sizedFillers.left, sizedFillers.right], side);

/** In this order: the encoded serial is reversed, padded, and put between two constants. A template's blocks do the same. */
const shape = {
  reversed: z.boolean().default(false),
  pad: sizedPadding.optional(),
  before: hexText.default(''),
  after: hexText.default(''),
};

const serialSchema = z.discriminatedUnion(
  'encoding',
  [
    settings({ encoding: z.literal('hex'), ...shape }),
    settings({ encoding: z.literal('decimal'), bytes: size, ...shape }),
    settings({ encoding: z.literal('bcd'), oddDigit: z.enum(['refuse', 'left-0', 'right-F']).default('refuse'), ...shape }),
    settings({ encoding: z.literal('ascii'), ...shape }),
    settings({ encoding: z.literal('guid'), order: z.enum(['as-written', 'microsoft']), ...shape }),
    settings({ encoding: z.literal('raw') }),
  ],
  { error: oneOf('hex, decimal, bcd, ascii, guid or raw') },
);

const an10922 = settings({
  method: z.literal('an10922'),
  variant: z.enum(['aes-128', 'aes-192', 'aes-256', '2tdea', '3tdea']),
  serial: serialSchema,
});

const COUNTER_BITS = [8, 16, 24, 32] as const;

const sp800108 = settings({
  method: z.literal('sp800-108-counter'),
  prf: z.enum(['cmac-aes-128', 'cmac-aes-192', 'cmac-aes-256', 'hmac-sha-256']),
  counterBits: z.literal(COUNTER_BITS),
  fixedInput: z.enum(['label-context', 'raw']).default('label-context'),
  label: z.string().max(LONGEST_DIVERSIFIER_BYTES).default(''),
  labelHex: hexText.default(''),
  cipher: z.enum(['3des', 'aes-128', 'aes-192', 'aes-256']),
  keyBits: z.literal([128, 192, 256]),
  serial: serialSchema,
})
  .refine(({ label, labelHex }) => label === '' || labelHex === '', {
    path: ['labelHex'],
    error: 'goes only without label',
  })
  .refine(({ fixedInput, label, labelHex }) => fixedInput !== 'raw' || (label === '' && labelHex === ''), {
    path: ['fixedInput'],
    error: 'raw is the whole input, so it takes no label',
  })
  .refine(({ cipher, keyBits }) => KEY_BYTES[cipher].includes(keyBits / 8), {
    path: ['keyBits'],
    error: 'is not a key size of the cipher',
  });

/** 1: ENC, 2: MAC, 3: DEK. */
const selector = z.literal([1, 2, 3]);

const globalPlatformDes = settings({
  method: z.enum(['emv-cps-1.1', 'visa2', 'visa']),
  selector,
  /** 24: written out as K1 ‖ K2 ‖ K1. */
  keyBytes: z.literal([16, 24]).default(16),
  serial: serialSchema,
});

const kdf3 = settings({ method: z.literal('kdf3'), selector, serial: serialSchema });

const templateBlock = settings({
  bytes: z.literal([8, 16, 24]),
  reversed: z.boolean().default(false),
  pad: blockPadding.optional(),
  before: hexText.default(''),
  after: hexText.default(''),
  /** One byte that every byte of the block is XORed with. */
  xor: z.string().regex(/^[0-9A-Fa-f]{2}$/, 'must be two hex digits').default('00'),
}).refine((block) => roomIn(block) > 0, { path: ['bytes'], error: 'leaves no room for the serial between before and after' });

const template = settings({
  method: z.literal('3des-ecb-template'),
  blocks: z.array(templateBlock).min(1).max(3),
  serial: serialSchema,
}).refine(({ blocks }) => KEY_BYTES['3des'].includes(totalBytes(blocks)), {
  path: ['blocks'],
  error: `must have ${KEY_BYTES['3des'].join(' or ')} bytes together, in blocks of ${BLOCK_BYTES['3des']}`,
});

/** Every method, as a scheme names it. */
export const DERIVATION_METHODS = ['an10922', 'sp800-108-counter', 'kdf3', 'emv-cps-1.1', 'visa2', 'visa', '3des-ecb-template'];

/** Checks a scheme from a file or from the database: strict, every default written out. */
export const derivationSchemeSchema = z.discriminatedUnion('method', [an10922, sp800108, globalPlatformDes, kdf3, template], {
  error: oneOf(`${DERIVATION_METHODS.slice(0, -1).join(', ')} or ${DERIVATION_METHODS.slice(-1).join()}`),
});

export type DerivationScheme = z.infer<typeof derivationSchemeSchema>;
export type An10922Variant = z.infer<typeof an10922>['variant'];
export type CounterModeScheme = z.infer<typeof sp800108>;
export type GlobalPlatformScheme = z.infer<typeof globalPlatformDes>;
export type KeySelector = z.infer<typeof selector>;
export type SerialEncoding = z.infer<typeof serialSchema>;
export type TemplateBlock = z.infer<typeof templateBlock>;
export type Padding = z.infer<typeof blockPadding>;

/** What a union says where the setting that tells its members apart is wrong or missing. */
function oneOf(names: string): (issue: { readonly code?: string | undefined }) => string | undefined {
  return ({ code }) => (code === 'invalid_union' ? `must be ${names}` : undefined);
}

/** The bytes of a template's block that are left for the serial. */
export function roomIn({ bytes, before, after }: { bytes: number; before: string; after: string }): number {
  return bytes - (before.length + after.length) / 2;
}

/** The size of all blocks of a template, in bytes. */
export function totalBytes(blocks: readonly Pick<TemplateBlock, 'bytes'>[]): number {
  return blocks.reduce((sum, { bytes }) => sum + bytes, 0);
}
