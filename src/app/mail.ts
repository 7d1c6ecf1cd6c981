// E-mail as it is set up, and whether it works.
import { type Finding, ok, problem, warning } from '../chat/finding.js';
import { MailPlatform } from '../chat/mail/platform.js';
import { type MailConfig, needsStartTls } from '../config-mail.js';

export function openMail(config: MailConfig): MailPlatform {
  return new MailPlatform({ ...config, requireStartTls: needsStartTls(config) });
}

/** For `countersign doctor`. */
export async function examineMail(config: MailConfig | null): Promise<readonly Finding[]> {
  if (config === null) {
    return [warning('e-mail', 'No mail server is set up, so security notices go to chat alone, where a stolen account reads them: set COUNTERSIGN_SMTP_URL.')];
  }
  try {
    await openMail(config).verify();
    return [ok('e-mail', `The mail server ${config.host} takes our mail.`), ...withoutSecurity(config)];
  } catch (error) {
    const why = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no reason given';
    return [problem('e-mail', `The mail server ${config.host} does not take our mail (${why}): check COUNTERSIGN_SMTP_URL, its password and its certificate.`)];
  }
}

function withoutSecurity({ securityAddress }: MailConfig): readonly Finding[] {
  return securityAddress === null ? [warning('e-mail', 'Security gets no e-mail: set COUNTERSIGN_SECURITY_MAIL.')] : [];
}
