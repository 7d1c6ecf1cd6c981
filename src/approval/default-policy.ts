// The policy of an installation that has no policy file: one other person, the manager or the helpdesk.

export const DEFAULT_POLICY_TEXT = `version: 1
rules:
  - name: manager or helpdesk
    approvals:
      - from: [manager, helpdesk]
        count: 1
`;
