/** Security headers of HTML. Only HTML has them: they would cost every report poll. */
export const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Of a share link's page, which no search engine may keep. */
export const sharedPageHeaders = { ...pageHeaders, 'x-robots-tag': 'noindex, nofollow' };
