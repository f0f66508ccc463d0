import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

/** The server that `npm run dev` passes requests on to, cookies and keys included: it must be named. */
function serverToAsk(): string {
  const { RINGSIDE_URL } = process.env;
  if (!RINGSIDE_URL) throw new Error('set RINGSIDE_URL to the server, such as http://127.0.0.1:4000 of `npm start`');
  return RINGSIDE_URL;
}

/** Puts a compressed copy beside each script and style, so that the server need not compress. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    writeBundle({ dir = 'dist' }) {
      const folder = join(dir, 'assets');
      for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
        const content = readFileSync(join(folder, name));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content));
      }
    },
  };
}

/** uPlot formats numbers in the browser's language as soon as it is loaded, which throws where that is `en-US@posix`. */
function plotNumbers(): Plugin {
  const inReadersLanguage = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";
  return {
    name: 'plot-numbers',
    transform(code, id) {
      if (!/\/uplot\/.*\.js$/.test(id)) return null;
      if (!code.includes(inReadersLanguage)) throw new Error('uPlot has changed: look how it formats numbers now');
      return code.replace(inReadersLanguage, "new Intl.NumberFormat('en-GB')");
    },
  };
}

export default defineConfig(({ command }) => ({
  plugins: [react(), tailwind(), plotNumbers(), precompress()],
  resolve: { conditions: ['ringside-src', ...defaultClientConditions] },
  build: {
    // The page’s content security policy allows fonts and images from the server only, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first browsers with light-dark() and popover: spring 2024.
    target: ['chrome123', 'firefox125', 'safari17.5'],
  },
  ...(command === 'serve' && { server: { proxy: { '/v1': { target: serverToAsk(), ws: true } } } }),
}));
