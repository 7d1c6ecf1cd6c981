// The page on which a person turns an invitation into an authenticator. Plain forms: it works without a script.
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { type Clock, MINUTE_MS } from '../lib/clock.js';
import { newToken } from '../lib/ids.js';
import type { Log } from '../lib/log.js';
import { qrPicture } from '../lib/qr.js';
import { RateLimit } from '../lib/rate-limit.js';
import { isRefused } from '../lib/refusal.js';
import type { Enrolment, PendingEnrolment } from '../stepup/enrolment.js';
import { type Html, html } from './html.js';

export interface EnrolmentPageParts {
  readonly enrolment: Pick<Enrolment, 'begin' | 'prove'>;
  readonly clock: Clock;
  readonly log: Log;
}

const BODY_LIMIT = '4kb';
/** Invitations hold 50 random bits and live ten minutes: at this pace nobody finds one. */
const ATTEMPTS = { max: 20, perMs: MINUTE_MS };

const STYLE = `body{font:1.1rem/1.5 system-ui,sans-serif;margin:0;padding:1rem}
main{max-width:28rem;margin:0 auto}
label{display:block;margin-top:1rem}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}
button{font:inherit;margin-top:1rem;padding:.6rem 1.2rem}
img{background:#fff;padding:.5rem;max-width:100%}
code{overflow-wrap:anywhere}
[role=alert]{border-left:.3rem solid #c00;padding-left:.6rem}
`;

const SENTENCES = {
  invitation: 'This invitation was not accepted. It works once, for ten minutes. Ask the helpdesk for a new one.',
  code: 'That code was not accepted. Wait for the next one (each works once), and check the clock of your phone.',
  over: 'This set-up is over. Ask the helpdesk for a new invitation.',
  tooFast: 'Too many attempts. Wait a minute and try again.',
  fault: 'Something went wrong, and nothing was changed. Try again, or ask the helpdesk.',
};

const beginSchema = z.object({ invitation: z.string().max(40) });
const proveSchema = z.object({
  authenticator: z.uuid(),
  form: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  code: z.string().max(40),
  oldCode: z.string().max(40).optional(),
  needsOldCode: z.enum(['yes', 'no']),
});

/** GET /enroll shows a form; only POST uses an invitation up, because chat previews and mail scanners fetch addresses. */
export function enrolmentRoutes({ enrolment, clock, log }: EnrolmentPageParts): Router {
  const limit = new RateLimit(ATTEMPTS, clock);
  const router = Router();
  router.use('/enroll', headers, (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/enroll.css', (_req, res) => void res.type('css').send(STYLE));
  router.get('/enroll', (_req, res) => send(res, 200, invitationForm()));
  router.use('/enroll', express.urlencoded({ extended: false, limit: BODY_LIMIT }), (req, res, next) => {
    if (req.method === 'POST' && !limit.allows(req.socket.remoteAddress ?? '')) send(res, 429, invitationForm(SENTENCES.tooFast));
    else next();
  });
  router.post('/enroll', (req, res) => begin(req, res));
  router.post('/enroll/prove', (req, res) => prove(req, res));
  router.use('/enroll', faults(log));
  return router;

  async function begin(req: Request, res: Response): Promise<void> {
    const typed = beginSchema.safeParse(req.body);
    if (!typed.success) { send(res, 400, invitationForm(SENTENCES.invitation)); return; }
    const pending = await enrolment.begin({ invitation: typed.data.invitation, at: clock() });
    if (isRefused(pending)) { send(res, 403, invitationForm(SENTENCES.invitation)); return; }
    send(res, 200, proofPage(pending));
  }

  async function prove(req: Request, res: Response): Promise<void> {
    const typed = proveSchema.safeParse(req.body);
    if (!typed.success) { send(res, 400, invitationForm(SENTENCES.over)); return; }
    const { authenticator, form, code, oldCode, needsOldCode } = typed.data;
    const proved = await enrolment.prove({
      authenticatorId: authenticator,
      newCode: code,
      ...(oldCode === undefined ? {} : { oldCode }),
      attempt: { formId: form, actorId: `enrolment:${authenticator}` },
      at: clock(),
    });
    if (!isRefused(proved)) { send(res, 200, recoveryPage(proved.recoveryCodes)); return; }
    if (proved.refused !== 'code-not-accepted') { send(res, 403, invitationForm(SENTENCES.over)); return; }
    send(res, 403, page(proofForm({ authenticatorId: authenticator, needsOldCode: needsOldCode === 'yes' }, SENTENCES.code)));
  }
}

const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'style-src': ["'self'"],
      'img-src': ['data:'],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

function faults(log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) { next(error); return; }
    const status = z.object({ status: z.int().min(400).max(499) }).safeParse(error);
    // A body that is too long or no form: the sender's mistake, not worth a line in the log.
    if (!status.success) log.error({ err: error }, 'the enrolment page failed');
    send(res, status.success ? status.data.status : 500, invitationForm(SENTENCES.fault));
  };
}

function invitationForm(problem?: string): Html {
  return page(html`<p>Type the invitation code that the helpdesk gave you. It works once, for ten minutes.</p>
${alertOf(problem)}
<form method="post" action="/enroll">
<label for="invitation">Invitation code</label>
<input id="invitation" name="invitation" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus>
<button>Continue</button>
</form>`);
}

function proofPage(pending: PendingEnrolment): Html {
  return page(html`<p>Scan this with your authenticator app, or type the key into it. It is shown only now.</p>
<img src="${qrPicture(pending.provisioningUri)}" alt="QR code for your authenticator app" width="240" height="240">
<p>Key: <code>${pending.seedGroups}</code></p>
${proofForm(pending)}`);
}

function proofForm({ authenticatorId, needsOldCode }: Pick<PendingEnrolment, 'authenticatorId' | 'needsOldCode'>, problem?: string): Html {
  const oldCode = html`<label for="oldCode">Code of your present authenticator, or a recovery code</label>
<input id="oldCode" name="oldCode" required maxlength="40" autocomplete="off">`;
  return html`${alertOf(problem)}
<form method="post" action="/enroll/prove">
<input type="hidden" name="authenticator" value="${authenticatorId}">
<input type="hidden" name="form" value="${newToken()}">
<input type="hidden" name="needsOldCode" value="${needsOldCode ? 'yes' : 'no'}">
<label for="code">Code of the new authenticator</label>
<input id="code" name="code" required maxlength="40" inputmode="numeric" autocomplete="one-time-code">
${needsOldCode ? oldCode : html``}
<button>Finish</button>
</form>`;
}

function recoveryPage(codes: readonly string[]): Html {
  return page(html`<p>Your authenticator works. Keep these codes in a safe place, not on your phone. Each works once, and they are shown only now.</p>
<ol>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>`);
}

function alertOf(problem: string | undefined): Html {
  return problem === undefined ? html`` : html`<p role="alert">${problem}</p>`;
}

function page(content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Set up your authenticator</title>
<link rel="stylesheet" href="/enroll.css">
<main>
<h1>Set up your authenticator</h1>
${content}
</main>
</html>`;
}

function send(res: Response, status: number, content: Html): void {
  res.status(status).type('html').send(content.toString());
}
