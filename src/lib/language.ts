// The languages that people are spoken to in, and which of them a locale stands for.

/** Each by its primary tag (BCP 47). */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** "de" for "de-CH" (or "de_CH", as some write it); null for a locale whose language is not among ours. */
export function languageOf(locale: string): Language | null {
  const [primary = ''] = locale.trim().toLowerCase().split(/[-_]/, 1);
  return LANGUAGES.find((language) => language === primary) ?? null;
}
