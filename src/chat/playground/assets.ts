// The page and what it is made of. None of it holds data, so all of it is served to anyone on this machine.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express from 'express';

// From src/ and from dist/ alike, the root of the package lies three folders up.
const ROOT = new URL('../../../', import.meta.url);
const SOURCES = fileURLToPath(new URL('src/chat/playground/page/', ROOT));
const SCRIPTS = fileURLToPath(new URL('dist/chat/playground/page/', ROOT));
const RENDERER = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');

/** GET / (the page) and its style, scripts and Microsoft's card renderer under /playground/. */
export function pageAssets(): express.Router {
  const router = express.Router();
  router.get('/', (_req, res) => res.sendFile('index.html', { root: SOURCES, cacheControl: false }));
  router.get('/playground/page.css', (_req, res) => res.sendFile('page.css', { root: SOURCES, cacheControl: false }));
  router.get('/playground/adaptivecards.min.js', (_req, res) => res.sendFile(RENDERER));
  router.get('/playground/:script.js', (req, res) => {
    res.sendFile(`${req.params.script}.js`, { root: SCRIPTS, cacheControl: false });
  });
  return router;
}
