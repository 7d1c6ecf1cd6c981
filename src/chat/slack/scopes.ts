// The least that the app may do, with the reason for each scope. The manifest and `doctor` hold to this list.

export const SCOPES = {
  commands: '/unblock and the shortcut',
  'chat:write': 'post requests and keep them up to date',
  'im:write': 'open a direct chat with a person',
  'im:history': 'hear what a person writes to the bot',
  'users:read': 'tell full members from guests, strangers and apps',
  'users:read.email': 'link an account by its confirmed e-mail address',
  'channels:read': 'see whether a public channel is shared with another organisation',
  'groups:read': 'the same for a private channel',
} as const;

export const SCOPE_NAMES: readonly string[] = Object.keys(SCOPES);
