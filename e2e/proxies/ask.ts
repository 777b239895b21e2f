/** HTTP as a browser that trusts every certificate asks it. */
import { type Agent, request } from 'node:https';

export interface Answer {
  status: number;
  /** @param name lower case. @returns '' when absent. */
  header: (name: string) => string;
  body: string;
}

export interface Question {
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For many questions over few connections; without it each has its own. */
  agent?: Agent;
}

export function ask(url: string, { method = 'GET', headers = {}, body, agent }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: agent ?? false, rejectUnauthorized: false } as const;
    const asked = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const header = (name: string): string => String(response.headers[name] ?? '');
        resolve({ status: response.statusCode ?? 0, header, body: text });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
