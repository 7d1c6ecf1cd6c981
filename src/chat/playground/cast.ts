// What the playground reads of the world behind it: who there is, and what the audit tells. Read-only, handed in by the app.
import type { PersonView, TrailView } from './page/wire.js';

export interface Cast {
  people(): Promise<readonly PersonView[]>;
  trail(): Promise<TrailView>;
  /** Calls the listener after people or trail changed, until the returned function is called. */
  onChange(listener: () => void): () => void;
}
