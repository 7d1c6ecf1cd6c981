// The system's error codes, on what node:fs throws.

/** Whether a system call failed with this code, such as ENOENT. */
export function isErrno(error: unknown, code: string): boolean {
  // Not `instanceof Error`: it is false for an error of another realm, such as a test's.
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
