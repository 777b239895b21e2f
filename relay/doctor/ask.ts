import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';

const PATIENCE_MS = 8_000;
/** A relay's answers are under 4 KiB; whatever else answers is not read to its end. */
const MAX_BODY_CHARACTERS = 64 * 1024;

/** What came of one request. */
export type Answer =
  | {
      kind: 'answer';
      status: number;
      header: (name: string) => string;
      body: string;
      certificateEndsAtMs: number | null;
    }
  /** `code` as Node names it, e.g. ECONNREFUSED. */
  | { kind: 'failed'; code: string; message: string };

export interface Question {
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** False: any certificate will do, to learn whether anything speaks TLS there. */
  checkCertificate?: boolean;
}

/** Asks over a connection of its own, follows no redirect, and never rejects. */
export function ask(
  url: URL,
  { method = 'GET', headers = {}, body, checkCertificate = true }: Question = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    const options = { method, headers, agent: false, rejectUnauthorized: checkCertificate };
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    const fail = (code: string, message: string): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({ kind: 'failed', code, message });
    };
    const timer = setTimeout(() => fail('ETIMEDOUT', `no answer within ${PATIENCE_MS / 1000} s`), PATIENCE_MS);
    request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'unknown', error.message));
    request.on('response', (response) => {
      const certificateEndsAtMs = endOfCertificate(response);
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (text.length < MAX_BODY_CHARACTERS) text += chunk;
        else response.destroy();
      });
      response.on('close', () => {
        clearTimeout(timer);
        const header = (name: string): string => String(response.headers[name] ?? '');
        resolve({ kind: 'answer', status: response.statusCode ?? 0, header, body: text, certificateEndsAtMs });
      });
    });
    request.end(body);
  });
}

function endOfCertificate({ socket }: IncomingMessage): number | null {
  if (!('getPeerCertificate' in socket)) return null;
  const endsAtMs = Date.parse((socket as TLSSocket).getPeerCertificate().valid_to);
  return Number.isNaN(endsAtMs) ? null : endsAtMs;
}

/** @returns the address below the base, e.g. `/v1/info`. */
export const below = (base: URL, path: string): URL => new URL(base.href.replace(/\/+$/, '') + path);
