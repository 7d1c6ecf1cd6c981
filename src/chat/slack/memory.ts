// What Slack's side of the bot has to remember across restarts and between processes.

export interface SlackMemory {
  /** False when a delivery of this key was taken before. */
  takeDelivery(key: string, at: Date): Promise<boolean>;
  /** Remembers a dialog that must be emptied; a later call for the same view takes the place of the earlier one. */
  keepDialog(dialog: OpenDialog): Promise<void>;
  /** It was closed, or shows something else by now. */
  forgetDialog(viewId: string): Promise<void>;
  /** Dialogs whose time is over, lent to one process until `again`. */
  claimDialogs(at: Date, again: Date): Promise<readonly DueDialog[]>;
}

export interface OpenDialog {
  readonly viewId: string;
  /** The place of the installation that opened it: no other one may change it. */
  readonly tenant: string;
  readonly emptyAt: Date;
  /** Of who looks at it; null for one from before this was kept. */
  readonly locale: string | null;
}

export type DueDialog = Omit<OpenDialog, 'emptyAt'>;
