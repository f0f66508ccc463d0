/**
 * Unpacks the browser that npm installed, with the system libraries and fonts that it needs, into TMPDIR. Runs as a
 * process of its own: the package reads where to unpack, and whether to bring its libraries, when it is imported.
 */
process.env.VERCEL = '1';
const { default: packaged } = await import('@sparticuz/chromium');
await packaged.executablePath();
