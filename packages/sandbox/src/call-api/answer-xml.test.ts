import { describe, expect, it } from 'vitest';
import { readAnswer } from './answer-xml.ts';

describe('an answer document', () => {
  it.each([
    ['<Response><Speak>Hi</Speak></Response>', 'goes on'],
    [
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n  <Redirect>https://a.test/?x=1&amp;y=2</Redirect>\n</Response>\n',
      'goes on',
    ],
    ['<Response><!-- first --><Play loop="2">https://a.test/a.mp3</Play><Hangup/></Response>', 'goes on'],
    ["<Response><GetInput action='https://a.test/'><Speak>1 &lt; 2</Speak></GetInput></Response>", 'goes on'],
    ['<Response><Speak><![CDATA[a < b & c]]></Speak></Response>', 'goes on'],
    ['<Response><Hangup/></Response>', 'hangup'],
    ['<Response>\n<Hangup reason="busy" />\n</Response>', 'hangup'],
    ['<Response></Response>', 'silent'],
    ['\uFEFF<Response/>', 'silent'],
    ['', 'invalid'],
    ['ok', 'invalid'],
    ['{"ok":true}', 'invalid'],
    ['<html><body>404</body></html>', 'invalid'],
    ['<Response><Speak>Hi</Response>', 'invalid'],
    ['<Response><Speak>Hi</Speak>', 'invalid'],
    ['<Response><Hangup/></Response><Response/>', 'invalid'],
    ['<Response><Hangup/></Response>more', 'invalid'],
    ['<Response><Speak>a & b</Speak></Response>', 'invalid'],
    ['<Response><Speak voice=MAN>Hi</Speak></Response>', 'invalid'],
    ['<Response><Speak>1 < 2</Speak></Response>', 'invalid'],
    [`<Response><Speak>${'x'.repeat(100_000)}</Speak></Response>`, 'invalid'],
  ] as const)('%s: %s', (xml, verdict) => {
    expect(readAnswer(xml)).toBe(verdict);
  });

  it('is read in a time that grows with its length only', () => {
    const hostile = `<Response><Speak ${'a="1" '.repeat(10_000)}<`;
    expect(readAnswer(hostile)).toBe('invalid');
  });
});
