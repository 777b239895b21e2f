import * as v from 'valibot';
import packageJson from '../../package.json' with { type: 'json' };
import { type Info, InfoSchema } from '../../shared/http-api.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import { type Answer, ask, below } from './ask.ts';
import { checkDoor, checkOrigin } from './door.ts';
import { behindLogin, broken, type Finding, fine, leftOut, look } from './finding.ts';
import { checkToken } from './visit.ts';
import { describeFailure, mayBeWrongScheme } from './words.ts';

const DAY_MS = 24 * 3_600_000;
const CERTIFICATE_WARNING_DAYS = 14;
/** Tokens allow 30 s between two clocks; a Date header says whole seconds, and takes a moment to arrive. */
const CLOCK_WARNING_MS = 20_000;

type Answered = Extract<Answer, { kind: 'answer' }>;

/**
 * Looks at a relay the way an extension comes to it, and says what is wrong and what to do.
 * @param base the relay's address. @param token an identity, null when there is none to try.
 */
export async function* diagnose(base: URL, token: string | null): AsyncGenerator<Finding> {
  const answer = await ask(below(base, '/v1/info'));
  if (answer.kind === 'failed') {
    yield await explainFailure(base, answer.code, answer.message);
    return;
  }
  yield fine('reachable', `${base.host} answers`);
  yield certificateFinding(base, answer);
  const info = readInfo(answer);
  if (!info) {
    yield describeStranger(answer);
    return;
  }
  yield fine(
    'relay',
    `OpenSyncParty ${info.version}; hosts sign in by ${info.signIn === 'jellyfin' ? 'Jellyfin' : 'a pairing code'}`,
  );
  yield versionFinding(info);
  yield await checkReady(base);
  yield clockFinding(answer);
  const door = await checkDoor(base);
  yield door;
  if (door.verdict === 'broken') return;
  yield await checkOrigin(base);
  if (token === null) yield leftOut('token', 'no token was given: tokens and invite links are not tried');
  else yield* checkToken(base, token);
}

/** When one side speaks TLS and the other does not, the error of neither says so: the other scheme is tried. */
async function explainFailure(base: URL, code: string, message: string): Promise<Finding> {
  if (!mayBeWrongScheme(code)) return describeFailure(code, message);
  const isHttps = base.protocol === 'https:';
  const authority = `${base.hostname}:${base.port || (isHttps ? 443 : 80)}`;
  const other = new URL(`${isHttps ? 'http' : 'https'}://${authority}${base.pathname}`);
  const answer = await ask(below(other, '/v1/info'), { checkCertificate: false });
  if (answer.kind === 'failed') return describeFailure(code, message);
  return isHttps
    ? broken(
        'certificate',
        'that port speaks plain http, not https',
        `Use ${other.origin}, or put a proxy with a certificate in front of the relay: it has no TLS of its own.`,
      )
    : broken('reachable', 'that port speaks https, not plain http', `Use ${other.origin}.`);
}

function certificateFinding(base: URL, { certificateEndsAtMs }: Answered): Finding {
  if (base.protocol === 'http:') {
    const isLocal = /^(localhost|127\..*|\[::1\]|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|.*\.local)$/.test(
      base.hostname,
    );
    return isLocal
      ? fine('certificate', 'plain http, which is fine on your own network')
      : look(
          'certificate',
          'plain http: names, chat and tokens can be read on the way',
          'Put Caddy or another proxy with a certificate in front.',
        );
  }
  const days = certificateEndsAtMs === null ? null : Math.floor((certificateEndsAtMs - Date.now()) / DAY_MS);
  if (days !== null && days < CERTIFICATE_WARNING_DAYS)
    return look('certificate', `valid, but only for ${days} more days`, 'Check that it is renewed by itself.');
  return fine('certificate', days === null ? 'valid' : `valid for ${days} more days`);
}

function readInfo({ status, body }: Answered): Info | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), InfoSchema), body);
  return status === 200 && result.success ? result.output : null;
}

function describeStranger({ status, header }: Answered): Finding {
  if (status >= 502 && status <= 504)
    return broken(
      'relay',
      `a proxy answers, but no relay behind it (${status})`,
      'Start the relay; check its address in the proxy’s configuration.',
    );
  if (status >= 300 && status < 400)
    return broken(
      'relay',
      `it leads on to ${header('location') || 'elsewhere'}`,
      'Use that address, here and in the panel.',
    );
  if (status === 401 || status === 403) return behindLogin('relay', status);
  return broken(
    'relay',
    `something answers (${status}), but it is no OpenSyncParty relay`,
    'Check host, port and path: Jellyfin’s own address is another one. Below a path, the relay needs OSP_PUBLIC_URL with that path.',
  );
}

function versionFinding({ protocol, version }: Info): Finding {
  const says = `protocol ${protocol}, here ${PROTOCOL_VERSION}`;
  if (Math.abs(protocol - PROTOCOL_VERSION) > 1) {
    const older = protocol < PROTOCOL_VERSION ? 'relay' : 'extension (and this doctor)';
    return broken('version', `${says}: they do not understand each other`, `Update the ${older}.`);
  }
  if (protocol !== PROTOCOL_VERSION)
    return look('version', `${says}: they get along`, 'Update the older one when you can.');
  if (version !== packageJson.version)
    return fine('version', `${says}; relay ${version}, this doctor ${packageJson.version}`);
  return fine('version', says);
}

async function checkReady(base: URL): Promise<Finding> {
  const answer = await ask(below(base, '/readyz'));
  if (answer.kind === 'answer' && answer.status === 200) return fine('ready', 'it takes connections');
  if (answer.kind === 'answer' && answer.status === 503)
    return broken(
      'ready',
      'it is stopping, and takes no new connections',
      'Start it again, or wait until it has restarted.',
    );
  return look('ready', '/readyz is not passed on', 'Pass every path below the relay’s address on, not only /v1.');
}

/** @param answer whose Date header says what time it is where it comes from: the relay, or a proxy in front of it. */
function clockFinding({ header }: Answered): Finding {
  const thereMs = Date.parse(header('date'));
  if (Number.isNaN(thereMs)) return leftOut('clock', 'the answer does not say what time it is there');
  const apartMs = Math.abs(thereMs - Date.now());
  const says = `${Math.round(apartMs / 1000)} s apart from this machine`;
  if (apartMs < CLOCK_WARNING_MS) return fine('clock', apartMs < 2_000 ? 'the same as here' : says);
  return look(
    'clock',
    says,
    'Switch on time synchronisation on both (timedatectl set-ntp true): tokens expire by the clock.',
  );
}
