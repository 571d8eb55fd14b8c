import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const START_SECONDS = 90;

/**
 * Starts a hub without demo data in a fresh folder and says where it is and how to sign in, in STEMMA_URL, STEMMA_LOGIN and STEMMA_PASSWORD.
 * Where STEMMA_URL is set already, that hub is used and nothing is started. STEMMA names the executable.
 */
export default async function startHub(): Promise<(() => Promise<void>) | void> {
  if (process.env.STEMMA_URL) return;
  const executable = process.env.STEMMA ?? resolve('../out/stemma/stemma');
  const data = mkdtempSync(join(tmpdir(), 'stemma-e2e-data-'));
  // PostgreSQL runs as another user where we are root.
  chmodSync(data, 0o755);
  const url = `http://127.0.0.1:${await freePort()}`;
  const hub = spawn(executable, ['serve', '--data', join(data, 'hub'), '--urls', url, '--web', resolve('dist'), '--no-demo', '--readers', '1'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const password = await new Promise<string>((found, failed) => {
    let said = '';
    const timer = setTimeout(() => failed(new Error(`The hub did not start within ${START_SECONDS} s. It said:\n${said}`)), START_SECONDS * 1000);
    const hear = (part: Buffer) => {
      said += part.toString();
      const match = /password\s+(\S+)/.exec(said);
      if (!match) return;
      clearTimeout(timer);
      found(match[1]!);
    };
    hub.stdout.on('data', hear);
    hub.stderr.on('data', hear);
    hub.on('error', failed);
    hub.on('exit', (code) => failed(new Error(`The hub ended with ${code}. It said:\n${said}`)));
  });
  Object.assign(process.env, { STEMMA_URL: url, STEMMA_LOGIN: 'admin', STEMMA_PASSWORD: password });
  return async () => {
    const ended = new Promise((done) => hub.on('exit', done));
    hub.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}
