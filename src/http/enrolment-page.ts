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
import type { EnrolmentWords, WordsFor } from './enrolment-words.js';
import { type Html, html } from './html.js';

export interface EnrolmentPageParts {
  readonly enrolment: Pick<Enrolment, 'begin' | 'prove'>;
  readonly wordsFor: WordsFor;
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

const beginSchema = z.object({ invitation: z.string().max(40) });
const proveSchema = z.object({
  authenticator: z.uuid(),
  form: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  code: z.string().max(40),
  oldCode: z.string().max(40).optional(),
  needsOldCode: z.enum(['yes', 'no']),
});

/** GET /enroll shows a form; only POST uses an invitation up, because chat previews and mail scanners fetch addresses. */
export function enrolmentRoutes({ enrolment, wordsFor, clock, log }: EnrolmentPageParts): Router {
  const wordsOf = (req: Request) => wordsFor(req.acceptsLanguages());
  const limit = new RateLimit(ATTEMPTS, clock);
  const router = Router();
  router.use('/enroll', headers, (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  router.get('/enroll.css', (_req, res) => void res.type('css').send(STYLE));
  router.get('/enroll', (req, res) => send(res, 200, invitationForm(wordsOf(req))));
  router.use('/enroll', express.urlencoded({ extended: false, limit: BODY_LIMIT }), (req, res, next) => {
    if (req.method !== 'POST' || limit.allows(req.socket.remoteAddress ?? '')) { next(); return; }
    const words = wordsOf(req);
    send(res, 429, invitationForm(words, words.refused.tooFast));
  });
  router.post('/enroll', (req, res) => begin(req, res));
  router.post('/enroll/prove', (req, res) => prove(req, res));
  router.use('/enroll', faults(wordsOf, log));
  return router;

  async function begin(req: Request, res: Response): Promise<void> {
    const words = wordsOf(req);
    const typed = beginSchema.safeParse(req.body);
    if (!typed.success) { send(res, 400, invitationForm(words, words.refused.invitation)); return; }
    const pending = await enrolment.begin({ invitation: typed.data.invitation, at: clock() });
    if (isRefused(pending)) { send(res, 403, invitationForm(words, words.refused.invitation)); return; }
    send(res, 200, proofPage(pending, words));
  }

  async function prove(req: Request, res: Response): Promise<void> {
    const words = wordsOf(req);
    const typed = proveSchema.safeParse(req.body);
    if (!typed.success) { send(res, 400, invitationForm(words, words.refused.over)); return; }
    const { authenticator, form, code, oldCode, needsOldCode } = typed.data;
    const proved = await enrolment.prove({
      authenticatorId: authenticator,
      newCode: code,
      ...(oldCode === undefined ? {} : { oldCode }),
      attempt: { formId: form, actorId: `enrolment:${authenticator}` },
      at: clock(),
    });
    if (!isRefused(proved)) { send(res, 200, recoveryPage(proved.recoveryCodes, words)); return; }
    if (proved.refused !== 'code-not-accepted') { send(res, 403, invitationForm(words, words.refused.over)); return; }
    const again = { authenticatorId: authenticator, needsOldCode: needsOldCode === 'yes' };
    send(res, 403, page(proofForm(again, words, words.refused.code), words));
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

function faults(wordsOf: (req: Request) => EnrolmentWords, log: Log): ErrorRequestHandler {
  return (error: unknown, req: Request, res, next) => {
    if (res.headersSent) { next(error); return; }
    const status = z.object({ status: z.int().min(400).max(499) }).safeParse(error);
    // A body that is too long or no form: the sender's mistake, not worth a line in the log.
    const reference = newToken(48);
    if (!status.success) log.error({ err: error, reference }, 'the enrolment page failed');
    const words = wordsOf(req);
    send(res, status.success ? status.data.status : 500, invitationForm(words, words.fault(reference)));
  };
}

function invitationForm(words: EnrolmentWords, problem?: string): Html {
  const content = html`<p>${words.intro}</p>
${alertOf(problem)}
<form method="post" action="/enroll">
<label for="invitation">${words.invitation}</label>
<input id="invitation" name="invitation" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" autofocus>
<button>${words.next}</button>
</form>`;
  return page(content, words);
}

function proofPage(pending: PendingEnrolment, words: EnrolmentWords): Html {
  const content = html`<p>${words.scan}</p>
<img src="${qrPicture(pending.provisioningUri)}" alt="${words.qrAlt}" width="240" height="240">
<p>${words.key}: <code>${pending.seedGroups}</code></p>
${proofForm(pending, words)}`;
  return page(content, words);
}

function proofForm(
  { authenticatorId, needsOldCode }: Pick<PendingEnrolment, 'authenticatorId' | 'needsOldCode'>,
  words: EnrolmentWords,
  problem?: string,
): Html {
  const oldCode = html`<label for="oldCode">${words.oldCode}</label>
<input id="oldCode" name="oldCode" required maxlength="40" autocomplete="off">`;
  return html`${alertOf(problem)}
<form method="post" action="/enroll/prove">
<input type="hidden" name="authenticator" value="${authenticatorId}">
<input type="hidden" name="form" value="${newToken()}">
<input type="hidden" name="needsOldCode" value="${needsOldCode ? 'yes' : 'no'}">
<label for="code">${words.newCode}</label>
<input id="code" name="code" required maxlength="40" inputmode="numeric" autocomplete="one-time-code">
${needsOldCode ? oldCode : html``}
<button>${words.finish}</button>
</form>`;
}

function recoveryPage(codes: readonly string[], words: EnrolmentWords): Html {
  const content = html`<p>${words.recovery}</p>
<ol>${codes.map((code) => html`<li><code>${code}</code></li>`)}</ol>`;
  return page(content, words);
}

function alertOf(problem: string | undefined): Html {
  return problem === undefined ? html`` : html`<p role="alert">${problem}</p>`;
}

function page(content: Html, { language, title }: EnrolmentWords): Html {
  return html`<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/enroll.css">
<main>
<h1>${title}</h1>
${content}
</main>
</html>`;
}

function send(res: Response, status: number, content: Html): void {
  res.status(status).type('html').send(content.toString());
}
