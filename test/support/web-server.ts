/** A web server on loopback that answers as a test says, and keeps what it was asked. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf } from './run-program.ts';

type Answer = (response: http.ServerResponse, request: http.IncomingMessage) => void;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export class WebServer implements Disposable {
  readonly asked: { readonly path: string; readonly headers: http.IncomingHttpHeaders }[] = [];
  answer: Answer;
  readonly #server: http.Server;
  readonly #scheme: string;

  private constructor(answer: Answer, certificate: Certificate | undefined) {
    this.answer = answer;
    const listener: http.RequestListener = (request, response) => {
      this.asked.push({ path: request.url ?? '', headers: request.headers });
      this.answer(response, request);
    };
    this.#scheme = certificate === undefined ? 'http' : 'https';
    this.#server =
      certificate === undefined
        ? http.createServer(listener)
        : https.createServer({ ...certificate }, listener);
  }

  static async open(answer: Answer, certificate?: Certificate): Promise<WebServer> {
    const server = new WebServer(answer, certificate);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  url(path = '/list.txt'): string {
    const { port } = this.#server.address() as { readonly port: number };
    return `${this.#scheme}://127.0.0.1:${port}${path}`;
  }

  [Symbol.dispose](): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** That of 127.0.0.1, which believes in itself. */
export async function makeCertificate(): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await outputOf([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=lists.test'],
    ...['-addext', 'subjectAltName=IP:127.0.0.1'],
  ]);
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}
