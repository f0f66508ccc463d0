import { describe, expect, it } from 'vitest';
import { signatureHeaders, signV3 } from './signature.ts';

// Published with Plivo's own libraries.
const token = 'Y2Q2ZDgxZmY5YWRiOTI5YmQ1Njg0MTAxZWIyOTc4';
const nonce = '31627761595286130198';
const url = 'https://plivobin.non-prod.plivops.com/api/v1/validate_signature03.xml';
const uuid = '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36';
const params = {
  Direction: 'outbound',
  From: '19792014278',
  CallStatus: 'in-progress',
  BillRate: '0.002',
  ParentAuthID: 'MANWVLYTK4ZWU1YTY4QA',
  Event: 'StartApp',
  ALegUUID: uuid,
  ALegRequestUUID: uuid,
  CallUUID: uuid,
  RequestUUID: uuid,
  SessionStart: '2020-04-08 11:34:33.238707',
  To: 'sip:PlivoSignature382029104058171078704104@phone-qa.voice.plivodev.com',
  'SIP-H-To': '<sip:PlivoSignature382029104058171078704104@52.9.11.55;transport=udp>;tag=1',
};
const signatureOfV1 = 'k7Pusd4OxCIjR5IfA9iedDNu/h/gbdYqdzG/MiYtd1c=';

describe('signature V3', () => {
  it.each([
    ['POST with a query', 'POST', `${url}/?a=b&c=d`, signatureOfV1],
    ['GET with a query', 'GET', `${url}/?a=b&c=d`, 'UBq8jAtd32wR8EK9VgxbBn4n5rpI/l1H9iN4WfSEHFQ='],
    ['POST without a query', 'POST', url, 'iAjE5QqI37mbkYe4w3jTMudqEzbDufdqi7sYwTu64e0='],
    ['GET without a query', 'GET', url, 'i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc='],
  ] as const)('agrees with the published vector: %s', (_, method, target, signature) => {
    expect(signV3({ method, url: target, params, nonce }, token)).toBe(signature);
  });

  it('agrees with a vector of the vendor’s Node library', () => {
    const given = {
      CallUuid: '4vbcpem8-0u46-x1ha-9af1-438vc92bf374',
      Digits: '1234',
      From: '+15551111111',
      To: '+15555555555',
    };
    const request = {
      method: 'POST',
      url: 'https://example.com/abcd?foo=bar',
      params: given,
      nonce: 'kjsdhfsd87sd7yisud2',
    } as const;
    expect(signV3(request, 'testtoken')).toBe('DCsbeNa1+4GKAaRRtcAVDKAXFqpd4n8Rcl00OqelS0I=');
  });

  it('does not depend on the order of the query, nor on the fragment', () => {
    const target = `${url}/?c=d&a=b#ct=2000&rc=3`;
    expect(signV3({ method: 'POST', url: target, params, nonce }, token)).toBe(signatureOfV1);
  });

  it('covers parameters, blank ones too', () => {
    const sign = (given: Record<string, string>) =>
      signV3({ method: 'POST', url: `${url}/?a=b&c=d`, params: given, nonce }, token);
    expect(sign({ ...params, From: '19792014279' })).not.toBe(signatureOfV1);
    expect(sign({ ...params, AnswerTime: '' })).not.toBe(signatureOfV1);
  });

  it('signs a GET alike whether its parameters stand in the URL or beside it', () => {
    const inUrl = `${url}?${new URLSearchParams(params)}`;
    const signature = signV3({ method: 'GET', url: inUrl, params: {}, nonce }, token);
    expect(signature).toBe('i/MQsaQSAd6fiKhOh2qeeeLHZ9faldADSb3/7+Akfbc=');
  });

  it('signs with every token of an account that rotates them', () => {
    const request = { method: 'POST', url: `${url}/?a=b&c=d`, params, nonce } as const;
    const headers = signatureHeaders(request, ['newer', token]);
    expect(headers['X-Plivo-Signature-V3']).toBe(`${signV3(request, 'newer')},${signatureOfV1}`);
    expect(headers['X-Plivo-Signature-Ma-V3']).toBe(headers['X-Plivo-Signature-V3']);
    expect(headers['X-Plivo-Signature-V3-Nonce']).toBe(nonce);
  });
});
