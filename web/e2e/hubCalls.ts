import { type Browser, expect, type Page } from '@playwright/test';
import { SIZES } from './look';

// Set by e2e/hub.ts, or by whoever names a hub to walk through.
const { STEMMA_LOGIN: LOGIN = 'admin', STEMMA_PASSWORD: PASSWORD = '' } = process.env;
export const { STEMMA_URL: URL_OF_HUB = '' } = process.env;

interface Made {
  id: string;
}

interface Person {
  login: string;
  name: string;
  password: string;
}

/** A call to the API from the page itself, with its sign-in; whatever version it changes. */
export const api = <T>(page: Page, method: string, path: string, json?: unknown) =>
  page.evaluate(async ([asked, address, body]) => {
    const answer = await fetch(`/api/v1/${address}`, { method: asked!, headers: { 'Content-Type': 'application/json', 'If-Match': '*' }, body: body ?? null });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${asked} ${address}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }, [method, path, json === undefined ? undefined : JSON.stringify(json)]) as Promise<T>;

export const make = (page: Page, path: string, body: object) => api<Made>(page, 'POST', path, body);

/** Deposits a file, and tells the id of its set. */
export const put = (page: Page, dataset: string, path: string, bytes: Buffer | string) =>
  page.evaluate(async ([address, base64]) => {
    const answer = await fetch(`/api/v1/nodes/${address}`, { method: 'PUT', body: Uint8Array.from(atob(base64!), (c) => c.charCodeAt(0)) });
    if (!answer.ok) throw new Error(`PUT ${address}: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { fileSetId: string }).fileSetId;
  }, [`${dataset}/files/${path}`, Buffer.from(bytes).toString('base64')]);

/** Waits until file sets are read, or have no reader. */
export async function areRead(page: Page, ids: readonly string[]) {
  for (const id of ids) await expect.poll(async () => (await api<{ reading: string }>(page, 'GET', `file-sets/${id}`)).reading, { timeout: 60_000 }).not.toMatch(/waiting|reading/);
}

/** A name that no other walk has given. */
export const fresh = (name: string) => `${name} ${new Date().toISOString().replaceAll(':', '.')}`;

/** Signs in, as whoever e2e/hub.ts names where nobody is given, and ends on the first page. */
export async function signIn(page: Page, { login, password }: Pick<Person, 'login' | 'password'> = { login: LOGIN, password: PASSWORD }) {
  await page.setViewportSize(SIZES[0]!);
  await page.goto(`${URL_OF_HUB}/sign-in`);
  await page.getByLabel('Login').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
}

/** Makes an account for another person. */
export async function makeAccount(page: Page, name: string): Promise<Person & Made> {
  const person = { login: `${name.split(' ')[0]!.toLowerCase()}-${Date.now()}`, name, password: 'only-for-this-walk-7' };
  return { ...person, id: (await make(page, 'accounts', person)).id };
}

/** A page of a browser of that person's own. */
export async function pageOf(browser: Browser, person: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, person);
  return page;
}
