import { expect, type Page } from '@playwright/test';

const { STEMMA_URL: URL_OF_HUB = '', STEMMA_LOGIN: LOGIN = 'admin', STEMMA_PASSWORD: PASSWORD = '' } = process.env;

interface Made {
  id: string;
}

/** A call of the page itself, with its sign-in. */
const call = (page: Page, method: string, path: string, body: string | number[], type: string) =>
  page.evaluate(async ([asked, address, content, media]) => {
    const response = await fetch(`/api/v1/${address}`, { method: asked, headers: { 'Content-Type': media }, body: typeof content === 'string' ? content : new Uint8Array(content) });
    if (!response.ok) throw new Error(`${asked} ${address}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Made;
  }, [method, path, body, type] as const);

export const make = (page: Page, path: string, body: object) => call(page, 'POST', path, JSON.stringify(body), 'application/json');
export const put = (page: Page, dataset: string, path: string, bytes: Buffer) => call(page, 'PUT', `nodes/${dataset}/files/${path}`, [...bytes], 'application/octet-stream');

/** Signs in as whoever e2e/hub.ts names, and ends on the first page. */
export async function signIn(page: Page) {
  await page.goto(URL_OF_HUB);
  await page.getByLabel('Login').fill(LOGIN);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
}
