/** A self-signed certificate for the loopback address, for the https journeys. */
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Certificate {
  key: Buffer;
  cert: Buffer;
  /** Where the certificate lies, for programs that must trust it. */
  file: string;
  /** Where its key lies, for programs that serve with it. */
  keyFile: string;
}

const CACHE = fileURLToPath(new URL('../.cache/tls', import.meta.url));

/**
 * Made anew each time: it is short-lived on purpose and takes a moment only.
 * @param folder for its files; one of their own for tests that run beside each other, or the key of one meets the
 * certificate of another.
 */
export async function selfSigned(folder: string = CACHE): Promise<Certificate> {
  await mkdir(folder, { recursive: true });
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await promisify(execFile)(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '7']
      .concat(['-subj', '/CN=opensyncparty journeys', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'])
      .concat(['-keyout', keyFile, '-out', file]),
  );
  return { key: await readFile(keyFile), cert: await readFile(file), file, keyFile };
}
