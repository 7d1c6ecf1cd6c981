// Which kinds of card may be federal PIV cards, for which FIPS 201-3 (section 2.9.3) rules how a PIN is reset from afar.

/** Ids of built-in profiles: the US CAC, and PIV cards whose maker is not known. A site's own profiles are not among them. */
export const FEDERAL_PIV_PROFILES: readonly string[] = ['us-cac', 'piv-puk', 'piv-3des', 'piv-aes-128', 'piv-aes-192', 'piv-aes-256'];
