import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type EnvironmentOptions } from 'vite';

/** Loopback pages are granted in the manifest of the e2e build, because a test cannot click a permission prompt. */
const E2E_HOSTS = ['http://127.0.0.1/*', 'http://localhost/*', 'https://127.0.0.1/*', 'https://localhost/*'];
const STAGE = 'dist/.stage';
/** They may not grow unnoticed: content.js is read on every Jellyfin page, overlay.js when there is something to show. */
const MAX_GZIP_BYTES = { 'content.js': 60 * 1024, 'overlay.js': 50 * 1024 };
/** content.js has it; overlay.js takes it from there (extension/overlay/slot.ts), for there may be only one. */
const SIGNALS = '@preact/signals-core';

type Browser = 'chrome' | 'firefox';
type Json = { [key: string]: unknown };

/** One self-contained classic script: content scripts and background pages cannot be modules everywhere. */
function script(name: string, input: string, globals: Record<string, string> = {}): EnvironmentOptions {
  return {
    consumer: 'client',
    build: {
      outDir: STAGE,
      emptyOutDir: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input,
        external: Object.keys(globals),
        output: { format: 'iife', name: `osp_${name}`, entryFileNames: `${name}.js`, globals },
      },
    },
  };
}

const pages: EnvironmentOptions = {
  consumer: 'client',
  build: {
    outDir: STAGE,
    emptyOutDir: false,
    target: 'es2023',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { popup: 'extension/popup/popup.html', options: 'extension/options/options.html' },
      output: {
        entryFileNames: 'pages/[name].js',
        chunkFileNames: 'pages/[name].js',
        assetFileNames: 'pages/[name][extname]',
      },
    },
  },
};

const NATIVE = 'uWebSockets.js';

const relay: EnvironmentOptions = {
  consumer: 'server',
  build: {
    ssr: true,
    outDir: 'dist/relay',
    target: 'node20',
    rolldownOptions: {
      input: { main: 'relay/main.ts', token: 'relay/token-cli.ts', doctor: 'relay/doctor/main.ts' },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
  // It runs without node_modules; the native library is found at run time, or not.
  resolve: { noExternal: true, external: [NATIVE] },
};

/** The one manifest.json, with what only the other browser understands taken out. */
function manifestFor(browser: Browser, e2e: boolean): Json {
  const manifest = JSON.parse(readFileSync('manifest.json', 'utf8')) as Json;
  const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version;
  const { service_worker, scripts } = manifest.background as { service_worker: string; scripts: string[] };
  const { browser_specific_settings, minimum_chrome_version, ...common } = manifest;
  return {
    ...common,
    version,
    background: browser === 'chrome' ? { service_worker } : { scripts },
    ...(browser === 'chrome' ? { minimum_chrome_version } : { browser_specific_settings }),
    ...(e2e ? { host_permissions: E2E_HOSTS } : {}),
  };
}

function checkSizes(): void {
  for (const [file, allowed] of Object.entries(MAX_GZIP_BYTES)) {
    const bytes = gzipSync(readFileSync(join(STAGE, file))).length;
    if (bytes > allowed) throw new Error(`${file} is ${bytes} bytes gzipped; ${allowed} are allowed`);
  }
}

/** What the relay reads beside its bundle: its pages, and the native library as far as it fits this Node. */
export function furnishRelay(outDir: string): void {
  cpSync('relay/server/landing', join(outDir, 'landing'), { recursive: true });
  cpSync('LICENSE', join(outDir, 'LICENSE'));
  const { name, version, type } = JSON.parse(readFileSync('package.json', 'utf8')) as Json;
  writeFileSync(join(outDir, 'package.json'), `${JSON.stringify({ name, version, type, private: true }, null, 2)}\n`);
  const from = join('node_modules', NATIVE);
  const to = join(outDir, 'node_modules', NATIVE);
  mkdirSync(to, { recursive: true });
  const binary = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
  for (const file of ['package.json', 'uws.js', 'LICENSE', binary]) {
    if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file));
  }
}

function assemble(browser: Browser, e2e: boolean): void {
  const target = `dist/${e2e ? 'e2e-' : ''}${browser}`;
  rmSync(target, { recursive: true, force: true });
  cpSync(STAGE, target, { recursive: true });
  for (const page of ['popup', 'options']) {
    cpSync(join(target, `extension/${page}/${page}.html`), join(target, `${page}.html`));
  }
  rmSync(join(target, 'extension'), { recursive: true, force: true });
  cpSync('extension/_locales', join(target, '_locales'), { recursive: true });
  mkdirSync(join(target, 'icons'), { recursive: true });
  for (const size of [16, 32, 48, 128]) {
    cpSync(`extension/icons/icon-${size}.png`, join(target, `icons/icon-${size}.png`));
  }
  cpSync('extension/icons/icon.svg', join(target, 'icons/icon.svg'));
  cpSync('LICENSE', join(target, 'LICENSE'));
  writeFileSync(join(target, 'manifest.json'), `${JSON.stringify(manifestFor(browser, e2e), null, 2)}\n`);
}

/** `npm run build`: dist/chrome, dist/firefox and dist/relay; `-- --mode e2e`: dist/e2e-chrome and dist/e2e-firefox. */
export default defineConfig(({ mode }) => {
  const e2e = mode === 'e2e';
  const extension: Record<string, EnvironmentOptions> = {
    content: script('content', 'extension/content/main.ts'),
    overlay: script('overlay', 'extension/overlay/main.ts', { [SIGNALS]: 'ospOverlaySlot.signals' }),
    background: script('background', 'extension/background/main.ts'),
    landing: script('landing', 'extension/landing/main.ts'),
    pages,
  };
  return {
    appType: 'custom',
    publicDir: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    define: { 'process.env.NODE_ENV': '"production"' },
    environments: e2e ? extension : { ...extension, relay },
    builder: {
      async buildApp(builder) {
        rmSync(STAGE, { recursive: true, force: true });
        for (const name of Object.keys(extension)) {
          const environment = builder.environments[name];
          if (environment) await builder.build(environment);
        }
        checkSizes();
        for (const browser of ['chrome', 'firefox'] as const) assemble(browser, e2e);
        rmSync(STAGE, { recursive: true, force: true });
        const server = builder.environments.relay;
        if (server) {
          await builder.build(server);
          furnishRelay(server.config.build.outDir);
        }
      },
    },
  };
});
