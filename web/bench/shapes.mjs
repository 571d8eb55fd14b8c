// Measures an image with many shapes in Chromium; run by bench/run shapes. Prints a line of JSON for each figure: {what, seconds of each round or frame, target of 19 of 20, unit}.
import { browser, fresh, tell } from './chromium.mjs';

const { STEMMA_URL, STEMMA_FILE_SET, STEMMA_SHAPES, STEMMA_ROUNDS = '5' } = process.env;
const SHOWN_SECONDS = 1;
// Two of the sixty of a second, as clocks tell it.
const FRAME_SECONDS = 0.034;
const LONGEST_SECONDS = 0.1;
const UPPER = 'canvas[role="img"]';
const address = `${STEMMA_URL}/file-sets/${STEMMA_FILE_SET}?side=annotations`;

/** When the picture is there, when something of the shapes is drawn over it, and when all are. */
async function opened() {
  const page = await fresh();
  await page.addInitScript((shapes) => {
    const seen = (window.seen = {});
    const look = () => {
      const upper = document.querySelector('canvas[role="img"]');
      const lower = document.querySelector('canvas[aria-hidden]');
      const picture = upper?.parentElement.querySelector('img');
      const many = Number.parseInt(upper?.ariaLabel?.replaceAll(',', '') ?? '0', 10);
      if (picture?.complete && picture.naturalWidth) seen.picture ??= performance.now();
      if (many > 0 && !seen.shapes && lower.getContext('2d').getImageData(0, 0, lower.width, lower.height).data.some((value, i) => i % 4 === 3 && value)) seen.shapes = performance.now();
      if (many >= shapes && seen.shapes) seen.all ??= performance.now();
      if (!seen.all || !seen.picture) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, Number(STEMMA_SHAPES));
  await page.goto(address, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.seen.all && window.seen.picture, null, { timeout: 120_000 });
  return { page, seen: await page.evaluate(() => window.seen) };
}

/** Frames, in seconds, while something is done. */
async function frames(page, does) {
  await page.evaluate(() => {
    window.frames_ = [];
    let last = performance.now();
    const frame = (now) => {
      window.frames_.push((now - last) / 1000);
      last = now;
      window.next = requestAnimationFrame(frame);
    };
    window.next = requestAnimationFrame((now) => {
      last = now;
      window.next = requestAnimationFrame(frame);
    });
  });
  await does(page);
  // What came of it is drawn late, if it is.
  await page.waitForTimeout(300);
  return page.evaluate(() => {
    cancelAnimationFrame(window.next);
    return window.frames_;
  });
}

/** As a hand does: an event every 16 ms, whether or not the one before was answered. */
async function hand(page, steps, event) {
  const session = await page.context().newCDPSession(page);
  for (let step = 0; step < steps; step++) {
    session.send('Input.dispatchMouseEvent', event(step)).catch(() => {});
    await page.waitForTimeout(16);
  }
}

async function middle(page) {
  const { x, y, width, height } = await page.locator(UPPER).boundingBox();
  return { x: x + width / 2, y: y + height / 2, radius: Math.min(width, height) / 3 };
}

/** Around the middle, the button held or not. */
async function around(page, buttons) {
  const { x, y, radius } = await middle(page);
  const at = (step) => ({ x: x + radius * Math.sin(step / 12), y: y + radius * Math.sin(step / 17) });
  if (buttons) await page.mouse.move(x, y), await page.mouse.down();
  await hand(page, 180, (step) => ({ type: 'mouseMoved', ...at(step), button: buttons ? 'left' : 'none', buttons }));
  if (buttons) await page.mouse.up();
}

async function wheel(page) {
  const { x, y } = await middle(page);
  await hand(page, 180, (step) => ({ type: 'mouseWheel', x, y, deltaX: 0, deltaY: step % 60 < 30 ? -50 : 50 }));
}

async function choose(page) {
  const { x, y, radius } = await middle(page);
  for (let i = 0; i < 6; i++) {
    await page.mouse.click(x + (radius * i) / 6, y + (radius * i) / 9);
    await page.waitForTimeout(250);
  }
}

async function draw(page) {
  const { x, y } = await middle(page);
  for (let i = 0; i < 3; i++) {
    const before = await page.locator(UPPER).getAttribute('aria-label');
    await page.keyboard.press('b');
    await page.mouse.move(x, y + 30 * i);
    await page.mouse.down();
    await hand(page, 30, (step) => ({ type: 'mouseMoved', x: x + step * 2, y: y + 30 * i + step, button: 'left', buttons: 1 }));
    await page.mouse.up();
    await page.waitForFunction(([selector, label]) => document.querySelector(selector).ariaLabel !== label, [UPPER, before]);
    await page.keyboard.type('mine', { delay: 60 });
    await page.keyboard.press('Enter');
    await page.waitForTimeout(300);
  }
  await page.keyboard.press('Escape');
}

async function filter(page) {
  await page.getByLabel('Filter the annotations').click();
  await page.keyboard.type('precipitate 42', { delay: 90 });
  for (let i = 0; i < 14; i++) await page.keyboard.press('Backspace', { delay: 40 });
  await page.evaluate(() => document.activeElement.blur());
}

async function scroll(page) {
  const box = await page.getByRole('group', { name: 'List of annotations' }).boundingBox();
  await hand(page, 120, (step) => ({ type: 'mouseWheel', x: box.x + 40, y: box.y + 60, deltaX: 0, deltaY: step < 80 ? 480 : -480 }));
}

/** From the whole so much nearer; then a moment for the address. */
async function nearer(page, times) {
  await page.keyboard.press('0');
  for (let i = 0; i < times; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
  await page.waitForTimeout(600);
}

const opening = [];
const doing = new Map();
for (let round = 0; round < Number(STEMMA_ROUNDS); round++) {
  const { page, seen } = await opened();
  opening.push(seen);
  await page.waitForTimeout(1000);
  const measure = async (what, does) => doing.set(what, [...(doing.get(what) ?? []), await frames(page, does)]);
  await measure('pointing at the whole', (p) => around(p, 0));
  await measure('turning the wheel, in and out', wheel);
  await nearer(page, 1);
  await measure('moving, × 1.5', (p) => around(p, 1));
  await nearer(page, 4);
  await measure('moving, × 5', (p) => around(p, 1));
  await measure('pointing, × 5', (p) => around(p, 0));
  await measure('choosing', choose);
  await measure('scrolling the list', scroll);
  await measure('filtering the list', filter);
  await measure('drawing', draw);
  await page.context().close();
}

tell({ what: 'picture seen, nothing cached', seconds: opening.map(({ picture }) => picture / 1000) });
tell({ what: 'first shapes seen after the picture', seconds: opening.map(({ picture, shapes }) => Math.max(0, shapes - picture) / 1000), target: SHOWN_SECONDS });
tell({ what: 'all shapes seen after the picture', seconds: opening.map(({ picture, all }) => Math.max(0, all - picture) / 1000) });
for (const [what, rounds] of doing) {
  tell({ what: `${what}: frames`, seconds: rounds.flat(), target: FRAME_SECONDS, unit: 'frames/s' });
  tell({ what: `${what}, longest of a round`, seconds: rounds.map((round) => Math.max(...round)), target: LONGEST_SECONDS, unit: 'frames/s' });
}
await browser.close();
