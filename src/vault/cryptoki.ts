// The part of PKCS#11 (Cryptoki) that is used, as the optional package pkcs11js offers it. Typed here, so that the
// compiler does not need the package.

export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value?: number | boolean | string | Buffer;
}

export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: {
    readonly type: number;
    readonly iv: Buffer;
    readonly ivBits: number;
    readonly aad: Buffer;
    readonly tagBits: number;
  };
}

/** A vendor's library. Every call throws an error whose message begins with the return value's name (`CKR_…`). */
export interface Cryptoki {
  load(path: string): void;
  C_Initialize(options: { readonly flags: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  /** The label is padded with blanks. */
  C_GetTokenInfo(slot: Handle): { readonly label: string; readonly flags: number };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_CloseAllSessions(slot: Handle): void;
  C_GetSessionInfo(session: Handle): { readonly state: number };
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): { readonly value: Buffer }[];
  C_GenerateKey(session: Handle, mechanism: Mechanism, template: Attribute[]): Handle;
  C_EncryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  /** Writes to `goal`, and returns the part of it that was written. */
  C_EncryptAsync(session: Handle, plain: Buffer, goal: Buffer): Promise<Buffer>;
  C_DecryptInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_DecryptAsync(session: Handle, sealed: Buffer, goal: Buffer): Promise<Buffer>;
}

type Constants = Readonly<
  Record<
    | 'CKA_CLASS'
    | 'CKA_DECRYPT'
    | 'CKA_ENCRYPT'
    | 'CKA_EXTRACTABLE'
    | 'CKA_ID'
    | 'CKA_KEY_TYPE'
    | 'CKA_LABEL'
    | 'CKA_MODIFIABLE'
    | 'CKA_PRIVATE'
    | 'CKA_SENSITIVE'
    | 'CKA_TOKEN'
    | 'CKA_UNWRAP'
    | 'CKA_VALUE'
    | 'CKA_VALUE_LEN'
    | 'CKA_WRAP'
    | 'CKF_OS_LOCKING_OK'
    | 'CKF_RW_SESSION'
    | 'CKF_SERIAL_SESSION'
    | 'CKK_AES'
    | 'CKM_AES_GCM'
    | 'CKM_AES_KEY_GEN'
    | 'CKO_SECRET_KEY'
    | 'CKU_USER'
    | 'CK_PARAMS_AES_GCM_v240',
    number
  >
>;

export interface CryptokiPackage extends Constants {
  readonly PKCS11: new () => Cryptoki;
}

const PACKAGE = 'pkcs11js';

/** Rejects when the package is not installed, or was not built. */
export async function loadCryptoki(): Promise<CryptokiPackage> {
  // It is CommonJS: all of it is the default export.
  const { default: cryptoki } = (await import(PACKAGE)) as { readonly default: CryptokiPackage };
  return cryptoki;
}
