// How names of groups, sites, rotas and profiles are compared.

/** The same for two spellings of one name, and how groups are kept: whatever their case and accent form. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Whether `names` has `name`, whatever its case: a spelling must not put a person under a weaker rule. */
export function hasName(names: readonly string[], name: string): boolean {
  const wanted = nameKey(name);
  return names.some((one) => nameKey(one) === wanted);
}
