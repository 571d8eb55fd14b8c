// Measures the application in Chromium; run by bench/run pages. Prints a line of JSON for each figure: {what, bytes} or {what, seconds of each round, target}.
import { browser, fresh, tell } from './chromium.mjs';

const { STEMMA_URL, STEMMA_DATASET, STEMMA_ROUNDS = '5' } = process.env;
const ROUNDS = Number(STEMMA_ROUNDS);
const SCROLLING_SECONDS = 6;
const USEFUL_SECONDS = 1;
const BLANK_SECONDS = 0.1;
const WALL = '[aria-label="Pictures"]';
const NODES = 'main a[href^="/nodes/"]';

/** Seconds from the beginning of the navigation until something with a name is drawn, and the bytes of JavaScript that it took. */
async function firstUseful(address, selector) {
  const page = await fresh();
  await page.addInitScript((wanted) => {
    const look = () => {
      // A frame after the one in which it is there, it is on the screen.
      if ([...document.querySelectorAll(wanted)].some((element) => element.textContent.trim() && element.checkVisibility())) requestAnimationFrame(() => (window.usefulAt = performance.now()));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, selector);
  await page.goto(STEMMA_URL + address, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.usefulAt);
  const { seconds, script } = await page.evaluate(() => ({
    seconds: window.usefulAt / 1000,
    script: performance.getEntriesByType('resource').filter(({ name, startTime }) => name.endsWith('.js') && startTime < window.usefulAt).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }));
  await page.context().close();
  return { seconds, script };
}

async function firstUsefuls(what, address, selector) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await firstUseful(address, selector));
  tell({ what: `${what} useful, nothing cached`, seconds: rounds.map(({ seconds }) => seconds), target: USEFUL_SECONDS });
  tell({ what: `JavaScript of ${what}, as sent`, bytes: rounds[0].script });
}

/**
 * Watches the wall from now on. It is drawn while every row in sight has its tiles, and whole while each of them has its name; one whose file is on its way is an empty tile.
 * A blank lasts from the last frame in which the wall was drawn to the next one, so that what is scrolled past while the page is busy counts too; likewise what has no names.
 * At the end of what is loaded, while more is to come, one stands still: that is a stop.
 */
function watch(wall) {
  const seen = { blank: 0, nameless: 0, stop: 0, task: 0, frames: 0, tiles: 0 };
  const state = { blank: { fineAt: performance.now(), brokenAt: null }, nameless: { fineAt: performance.now(), brokenAt: null } };
  let movingAt = performance.now();
  const look = () => {
    const list = document.querySelector(wall);
    const from = Math.max(60, list.getBoundingClientRect().top);
    const to = Math.min(innerHeight, list.getBoundingClientRect().bottom - 20);
    const inSight = [...list.children].map((tile) => [tile, tile.getBoundingClientRect()]).filter(([, { top, bottom }]) => bottom > from && top < to);
    const isDrawn = inSight.length > 0 && Math.min(...inSight.map(([, { top }]) => top)) <= from + 20 && Math.max(...inSight.map(([, { bottom }]) => bottom)) + 20 >= to;
    return { blank: isDrawn, nameless: isDrawn && inSight.every(([tile]) => tile.textContent.trim()) };
  };
  // Before the page hears of it: the new place with the tiles of the old one is what a frame may have shown already.
  addEventListener('scroll', () => {
    const fine = look();
    for (const what of ['blank', 'nameless']) if (!fine[what]) state[what].brokenAt ??= state[what].fineAt;
  }, { capture: true });
  const frame = () => {
    const now = performance.now();
    const fine = look();
    seen.frames++;
    seen.tiles = Math.max(seen.tiles, ...[...document.querySelectorAll(`${wall} [data-index]`)].map(({ dataset }) => Number(dataset.index)));
    for (const what of ['blank', 'nameless']) {
      const it = state[what];
      if (!fine[what]) it.brokenAt ??= it.fineAt;
      if (it.brokenAt !== null) seen[what] = Math.max(seen[what], now - it.brokenAt);
      if (fine[what]) Object.assign(it, { brokenAt: null, fineAt: now });
    }
    const isStopped = scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && seen.tiles < window.wanted - 1;
    if (isStopped) seen.stop = Math.max(seen.stop, now - movingAt);
    else movingAt = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => (seen.task = Math.max(seen.task, duration)))).observe({ type: 'longtask' });
  window.seen = seen;
  window.isWhole = () => look().nameless;
}

/** Turns the wheel as fast as a hand does that wants to be at the end: 60 events a second of 480 pixels each. The browser's own scrolling, with its smoothness. */
async function wheel(page) {
  await page.mouse.move(700, 500);
  const session = await page.context().newCDPSession(page);
  const until = Date.now() + SCROLLING_SECONDS * 1000;
  // Not waited for: an answer comes when the wheel has turned.
  while (Date.now() < until) {
    session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x: 700, y: 500, deltaX: 0, deltaY: 480 }).catch(() => {});
    await page.waitForTimeout(16);
  }
}

/** Draws the bar to the end of the list and back, again and again: a hundred steps each way, one a frame. Each goes a hundredth of the list on, so that names come where the bar rests. */
const drag = (page) => page.evaluate(async (seconds) => {
  const until = performance.now() + seconds * 1000;
  for (let step = 0; performance.now() < until; step++) {
    scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) * (1 - Math.abs(1 - (step % 200) / 100)), behavior: 'instant' });
    await new Promise(requestAnimationFrame);
  }
}, SCROLLING_SECONDS);

/** Puts the bar elsewhere, as a click on it does, and waits until there are tiles with names; the middle first. */
async function jumps(what, address) {
  const page = await fresh();
  await page.goto(STEMMA_URL + address);
  await page.locator(`${WALL} li`).first().waitFor();
  await page.waitForTimeout(1500);
  await page.evaluate((files) => (window.wanted = files), Number(process.env.STEMMA_FILES));
  await page.evaluate(watch, WALL);
  const seconds = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    seconds.push(await page.evaluate(async (to) => {
      const began = performance.now();
      scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) * to, behavior: 'instant' });
      do await new Promise(requestAnimationFrame); while (!window.isWhole() || performance.now() - began < 20);
      return (performance.now() - began) / 1000;
    }, (0.5 + round * 0.37) % 1));
    await page.waitForTimeout(700);
  }
  await page.context().close();
  tell({ what: `${what}: to names`, seconds, target: BLANK_SECONDS });
}

async function scrolls(what, address, hand, needsNames) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = await fresh();
    await page.goto(STEMMA_URL + address);
    await page.locator(`${WALL} li`).first().waitFor();
    await page.waitForTimeout(1500);
    await page.evaluate((files) => (window.wanted = files), Number(process.env.STEMMA_FILES));
    await page.evaluate(watch, WALL);
    await hand(page);
    await page.waitForTimeout(500);
    rounds.push(await page.evaluate(() => window.seen));
    await page.context().close();
  }
  const seconds = (name) => rounds.map((round) => round[name] / 1000);
  tell({ what: `${what}: longest blank`, seconds: seconds('blank'), target: BLANK_SECONDS });
  tell({ what: `${what}: longest without names`, seconds: seconds('nameless'), target: needsNames ? BLANK_SECONDS : null });
  tell({ what: `${what}: longest stop at the end of what is loaded`, seconds: seconds('stop'), target: BLANK_SECONDS });
  tell({ what: `${what}: longest task`, seconds: seconds('task'), target: BLANK_SECONDS });
  console.error(what, rounds.map(({ tiles, frames }) => `${tiles} tiles, ${frames} frames`).join('; '));
}

const dataset = `/nodes/${STEMMA_DATASET}`;
await firstUsefuls('start page', '/', NODES);
await firstUsefuls('dataset', dataset, `${WALL} li`);
await firstUsefuls('search for everything', '/search', `${WALL} li`);
await firstUsefuls('search for a word', '/search?q=grain', `${WALL} li`);
await jumps('jump by the scroll bar', dataset);
await scrolls('wheel', dataset, wheel, true);
await scrolls('scroll bar', dataset, drag, false);
await scrolls('wheel through a search', '/search', wheel, true);
await browser.close();
