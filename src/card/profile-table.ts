// The built-in card profiles. One table: a new kind of card is a new row.
import type { CardProfile } from './profile.js';
import { LOST_CARDS } from './profile-table-lost.js';
import { MINIDRIVER_CARDS } from './profile-table-minidriver.js';
import { PIV_CARDS } from './profile-table-piv.js';

export const CARD_PROFILES: readonly CardProfile[] = [...MINIDRIVER_CARDS, ...PIV_CARDS, ...LOST_CARDS];
