// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
// usage: node_red.mjs URL USER PASSWORD — what the Node-RED and ioBroker nodes for this interface do, by Node's own
// https, with their way of reading a challenge: probe with GET, insist on 401, split the header at commas, MD5.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import https from 'node:https';

const [url, user, password] = process.argv.slice(2);
const path = '/cgi-bin/hanservice.cgi';
const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: false });
const md5 = (text) => createHash('md5').update(text).digest('hex');

function ask(method, headers, body) {
  return new Promise((resolve, reject) => {
    const r = https.request(url + path, { method, headers, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (d) => (text += d));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    r.on('error', reject);
    r.end(body);
  });
}

/** `Digest a="1", b="2"` as those nodes read it: a comma inside a value would break them. */
function challenge(header) {
  const out = {};
  for (const part of header.replace(/^Digest /, '').split(',')) {
    const at = part.indexOf('=');
    out[part.slice(0, at).trim()] = part.slice(at + 1).trim().replace(/^"|"$/g, '');
  }
  return out;
}

let count = 0;
function authorization(c, method) {
  const nc = String(++count).padStart(8, '0');
  const cnonce = randomBytes(8).toString('hex');
  const response = md5(`${md5(`${user}:${c.realm}:${password}`)}:${c.nonce}:${nc}:${cnonce}:${c.qop}:${md5(`${method}:${path}`)}`);
  return `Digest username="${user}", realm="${c.realm}", nonce="${c.nonce}", uri="${path}", algorithm="MD5", qop=${c.qop}, nc=${nc}, cnonce="${cnonce}", response="${response}", opaque="${c.opaque}"`;
}

const probe = await ask('GET', {});
assert.equal(probe.status, 401);
const c = challenge(probe.headers['www-authenticate']);
assert.equal(c.qop, 'auth');
assert.ok(c.realm && c.nonce && c.opaque);

const welcome = await ask('GET', { Authorization: authorization(c, 'GET') });
assert.equal(welcome.status, 200);
assert.match(welcome.text, /Willkommen/);
assert.doesNotMatch(welcome.text, /Fehler/);
const cookie = welcome.headers['set-cookie'][0].split(';')[0];
const token = /<input[^>]*name='tkn'[^>]*value='([^']*)'/.exec(welcome.text)[1];

const post = async (fields) => {
  const answer = await ask('POST', { Authorization: authorization(c, 'POST'), Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' }, new URLSearchParams({ tkn: token, ...fields }).toString());
  assert.equal(answer.status, 200, fields.action);
  return answer.text;
};
const mid = /<option value='([^']*)'/.exec(await post({ action: 'meterform' }))[1];
const profile = await post({ action: 'showMeterProfile', mid });
assert.match(profile, /table_metervalues_col_wert/);
const value = /id='table_metervalues_col_wert'[^>]*>([\d.]+)</.exec(profile)[1];
assert.match(profile, /id='table_metervalues_col_einheit'[^>]*>kWh</);
assert.match(profile, /id='table_metervalues_col_obis'[^>]*>1-0:1\.8\.0</);
console.log(value);
