// The configuration: what holds without one, and that all that is wrong with it is told at once, without its secrets.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ConfigError, type Env, readConfig, VARIABLES } from '../src/config.js';
import { envExample } from '../src/config-example.js';
import { isLoopback } from '../src/lib/loopback.js';

const SECRETS = ['DATABASE_URL', 'COUNTERSIGN_SMTP_URL', 'SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'MicrosoftAppPassword'];
const OVERRIDES = ['SLACK_API_URL', 'TEAMS_OPENID_METADATA', 'TEAMS_ISSUER', 'TEAMS_LOGIN_URL', 'TEAMS_SERVICE_URL', 'TEAMS_GRAPH_URL'];
const TEAMS = { MicrosoftAppId: '11111111-2222-4333-8444-555555555555', MicrosoftAppTenantId: '99999999-8888-4777-8666-555555555555' };

/** The problems of an environment; none when it is good. */
function problemsOf(env: Env): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('without any variable', () => {
  const config = readConfig({});

  it('the server listens on this machine alone, with everything in ./data and no platform', () => {
    expect(config).toMatchObject({
      dataFolder: resolve('data'),
      databaseUrl: null,
      host: '127.0.0.1',
      port: 3978,
      publicUrl: 'http://127.0.0.1:3978',
      kek: { current: { kind: 'file', path: resolve('data/kek.key') }, also: [], pkcs11: null, transit: null },
      auditKeyFile: resolve('data/audit.key'),
      auditFile: resolve('data/audit.log'),
      policyFile: null,
      issuer: 'Countersign',
      logLevel: 'info',
      production: false,
      platforms: [],
    });
  });

  it('the time zone is the one of the machine', () => {
    expect(config.timeZone).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
  });

  it('it warns that the key-encryption key lies beside the database, and not once it lies elsewhere', () => {
    expect(config.warnings).toEqual([expect.stringContaining('COUNTERSIGN_KEK_FILE')]);
    expect(readConfig({ COUNTERSIGN_KEK_FILE: '/keys/kek.key' }).warnings).toEqual([]);
  });
});

describe('what is set', () => {
  it('is used', () => {
    const config = readConfig({
      COUNTERSIGN_DATA: '/srv/countersign',
      DATABASE_URL: 'postgresql://app:pw@db.example.com:5432/countersign',
      HOST: '::1',
      PORT: '8080',
      COUNTERSIGN_AUDIT_FILE: '/audit/audit.log',
      COUNTERSIGN_POLICY: 'policy.yaml',
      COUNTERSIGN_LANGUAGE: 'de',
      COUNTERSIGN_TIME_ZONE: 'Europe/Berlin',
      COUNTERSIGN_LOG_LEVEL: 'debug',
      NODE_ENV: 'production',
    });
    expect(config).toMatchObject({
      databaseUrl: 'postgresql://app:pw@db.example.com:5432/countersign',
      publicUrl: 'http://[::1]:8080',
      kek: { current: { kind: 'file', path: join('/srv/countersign', 'kek.key') } },
      auditFile: '/audit/audit.log',
      policyFile: 'policy.yaml',
      language: 'de',
      timeZone: 'Europe/Berlin',
      logLevel: 'debug',
      production: true,
    });
  });

  it('as an empty text or as blanks counts as not set', () => {
    const empty = Object.fromEntries(VARIABLES.map(({ name }, place) => [name, place % 2 === 0 ? '' : '  ']));
    expect(readConfig(empty)).toEqual(readConfig({}));
  });

  it('keeps no slash at the end of the public address, to which paths are added', () => {
    expect(readConfig({ COUNTERSIGN_PUBLIC_URL: 'https://unblock.example.com/' }).publicUrl).toBe('https://unblock.example.com');
  });

  it.each(['0', '1', '65535'])('takes the port %s', (port) => {
    expect(readConfig({ PORT: port }).port).toBe(Number(port));
  });
});

describe('what is wrong', () => {
  it('is told all at once', () => {
    const problems = problemsOf({
      PORT: 'http',
      DATABASE_URL: 'mysql://app@db.example.com/countersign',
      COUNTERSIGN_LOG_LEVEL: 'loud',
      COUNTERSIGN_PUBLIC_URL: 'unblock.example.com',
      COUNTERSIGN_LANGUAGE: 'Klingon',
      COUNTERSIGN_TIME_ZONE: 'Mars/Olympus',
      SLACK_API_URL: 'https://slack.example.com/api/',
      SLACK_APP_TOKEN: 'xapp-1',
      MicrosoftAppId: TEAMS.MicrosoftAppId,
      MicrosoftAppPassword: 'secret',
    });
    const named = [
      'PORT',
      'DATABASE_URL',
      'COUNTERSIGN_LOG_LEVEL',
      'SLACK_API_URL',
      'COUNTERSIGN_PUBLIC_URL',
      'COUNTERSIGN_LANGUAGE',
      'COUNTERSIGN_TIME_ZONE',
      'SLACK_BOT_TOKEN',
      'MicrosoftAppTenantId',
    ];
    expect(problems.map((problem) => named.find((name) => problem.startsWith(name)))).toEqual(named);
  });

  it.each(['-1', '65536', '3978.5', '0x10', '1e3', 'http'])('the port %s is refused', (port) => {
    expect(problemsOf({ PORT: port })).toEqual([expect.stringContaining(`"${port}"`)]);
  });

  it.each(['postgres', 'http://db.example.com/x', 'postgresql://u:p@host:port/x'])(
    'the database address %s is refused',
    (url) => {
      expect(problemsOf({ DATABASE_URL: url })).toEqual([expect.stringContaining('DATABASE_URL')]);
    },
  );

  it('Slack needs its bot token and one way to be reached', () => {
    expect(problemsOf({ SLACK_BOT_TOKEN: 'xoxb-1' })).toEqual([expect.stringContaining('SLACK_SIGNING_SECRET')]);
    expect(readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' }).platforms).toEqual(['slack']);
    expect(readConfig({ SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' }).platforms).toEqual(['slack']);
  });

  it('Teams needs its tenant', () => {
    expect(problemsOf({ MicrosoftAppId: TEAMS.MicrosoftAppId, MicrosoftAppPassword: 'secret' })).toEqual([expect.stringContaining('MicrosoftAppTenantId')]);
    expect(readConfig({ ...TEAMS, MicrosoftAppPassword: 'secret' }).platforms).toEqual(['teams']);
  });

  it('Teams without an application id, or with an empty one, is refused: the SDK would believe everybody', () => {
    const { MicrosoftAppTenantId } = TEAMS;
    for (const empty of [{}, { MicrosoftAppId: '' }, { MicrosoftAppId: '   ' }]) {
      expect(problemsOf({ MicrosoftAppTenantId, MicrosoftAppPassword: 'secret', ...empty })).toEqual([expect.stringContaining('MicrosoftAppId is missing')]);
    }
  });

  it('Teams needs one way to prove itself, and no more', () => {
    expect(problemsOf({ ...TEAMS, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppPassword: 'secret' })).toEqual([expect.stringContaining('remove the others')]);
    expect(readConfig({ ...TEAMS, MicrosoftAppType: 'SingleTenant', MicrosoftAppPassword: 'secret' }).teams?.credentials).toEqual({ kind: 'secret', secret: 'secret' });
    expect(problemsOf(TEAMS)).toEqual([expect.stringContaining('MicrosoftAppPassword is missing')]);
    expect(readConfig({ ...TEAMS, MicrosoftAppType: 'UserAssignedMSI' }).teams?.credentials).toEqual({ kind: 'managed-identity' });
    const certificate = { TEAMS_CERTIFICATE_FILE: 'bot.crt', TEAMS_CERTIFICATE_KEY_FILE: 'bot.key' };
    expect(readConfig({ ...TEAMS, ...certificate }).teams?.credentials).toEqual({ kind: 'certificate', certificateFile: 'bot.crt', keyFile: 'bot.key' });
    expect(problemsOf({ ...TEAMS, TEAMS_CERTIFICATE_FILE: 'bot.crt', MicrosoftAppPassword: 'secret' })).toHaveLength(2);
  });

  it.each([
    ['MicrosoftAppId', 'a-bot'],
    ['MicrosoftAppTenantId', 'example.com'],
    ['MicrosoftAppType', 'MultiTenant'],
    ['TEAMS_HELPDESK_CHANNEL', 'Helpdesk'],
    ['TEAMS_LINK_BY_EMAIL', 'true'],
    ['TEAMS_CATALOG_APP_ID', 'countersign'],
  ])('the %s %s is refused', (name, wrong) => {
    expect(problemsOf({ ...TEAMS, MicrosoftAppPassword: 'secret', [name]: wrong })).toEqual([expect.stringContaining(name)]);
  });
});

describe('an override that decides who is believed', () => {
  const platform = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' };

  it.each(OVERRIDES)('%s may name this machine', (name) => {
    for (const address of ['http://127.0.0.1:8000/', 'https://localhost/keys', 'http://[::1]:8000/']) {
      expect(problemsOf({ ...platform, [name]: address })).toEqual([]);
    }
  });

  it.each(OVERRIDES)('%s is refused in production', (name) => {
    const problems = problemsOf({ ...platform, NODE_ENV: 'production', [name]: 'http://127.0.0.1:8000/' });
    expect(problems).toEqual([expect.stringContaining(name)]);
  });

  it.each([
    'https://keys.example.com/',
    'http://10.0.0.1/',
    'http://127.0.0.1.example.com/',
    'http://127.0.0.1@example.com/',
    'http://localhost.example.com/',
    'http://[::2]/',
    '127.0.0.1:8000',
    'localhost',
  ])('is refused as %s', (address) => {
    for (const name of OVERRIDES) expect(problemsOf({ ...platform, [name]: address })).toEqual([expect.stringContaining(name)]);
  });
});

describe('a secret', () => {
  it('is in no problem, whatever else is wrong', () => {
    const secret = fc.stringMatching(/^[!-~]{12,40}$/);
    fc.assert(
      fc.property(fc.record(Object.fromEntries(SECRETS.map((name) => [name, secret]))), (secrets) => {
        const problems = problemsOf({ ...secrets, PORT: 'none', COUNTERSIGN_LOG_LEVEL: 'loud', MicrosoftAppId: 'a-bot' });
        expect(problems.length).toBeGreaterThanOrEqual(3);
        for (const problem of problems) for (const value of Object.values(secrets)) expect(problem).not.toContain(value);
      }),
    );
  });

  it('in a database address that cannot be one is in no problem', () => {
    const [problem] = problemsOf({ DATABASE_URL: 'postgres//app:open-sesame@db.example.com/countersign' });
    expect(problem).toMatch(/DATABASE_URL/);
    expect(problem).not.toMatch(/open-sesame/);
  });
});

describe('a loopback address', () => {
  it.each(['localhost', '127.0.0.1', '127.9.9.9', '::1'])('%s is one', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', 'example.com', '', '127.0.0'])('"%s" is none', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('.env.example', () => {
  it('says what the code reads, variable for variable', async () => {
    expect(await readFile('.env.example', 'utf8')).toBe(envExample());
  });

  it('names each variable once, off', () => {
    const lines = envExample().split('\n');
    for (const { name } of VARIABLES) expect(lines.filter((line) => line === `#${name}=`)).toHaveLength(1);
    expect(lines.filter((line) => /^[^#]/.test(line))).toEqual([]);
  });
});

describe('e-mail', () => {
  const mail = (url: string, more: Env = {}) => ({ COUNTERSIGN_SMTP_URL: url, COUNTERSIGN_MAIL_FROM: 'countersign@example.com', ...more });

  it('is read from one address, its password decoded', () => {
    expect(readConfig(mail('smtp://bot:p%40ss@mail.example.com')).mail).toEqual({
      host: 'mail.example.com',
      port: 587,
      implicitTls: false,
      login: { user: 'bot', password: 'p@ss' },
      from: 'countersign@example.com',
      securityAddress: null,
    });
    expect(readConfig(mail('smtps://[::1]:2465', { COUNTERSIGN_SECURITY_MAIL: 'soc@example.com' })).mail).toMatchObject({ host: '::1', port: 2465, implicitTls: true, login: null, securityAddress: 'soc@example.com' });
    expect(readConfig({}).mail).toBeNull();
  });

  it.each(['mail.example.com:587', 'https://mail.example.com', 'smtp:///countersign', 'smtp://bot:50%@mail.example.com'])('%s is refused, and not quoted', (url) => {
    const [problem, ...more] = problemsOf(mail(url));
    expect(problem).toContain('smtps://user:password@host:465');
    expect(problem).not.toContain(url);
    expect(more).toEqual([]);
  });

  it('needs a sender, and a server', () => {
    expect(problemsOf({ COUNTERSIGN_SMTP_URL: 'smtp://mail.example.com' })).toEqual([expect.stringContaining('COUNTERSIGN_MAIL_FROM is missing')]);
    expect(problemsOf({ COUNTERSIGN_SECURITY_MAIL: 'soc@example.com' })).toEqual([expect.stringContaining('COUNTERSIGN_SMTP_URL is missing')]);
    expect(problemsOf(mail('smtp://mail.example.com', { COUNTERSIGN_MAIL_FROM: 'Bot <bot@example.com>' }))).toEqual([expect.stringContaining('COUNTERSIGN_MAIL_FROM is no e-mail address')]);
  });
});
