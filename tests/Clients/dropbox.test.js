// Dropbox's own SDK, unchanged, against the sandbox: what it sends and the sandbox refuses is a defect of the sandbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Dropbox, DropboxAuth } from 'dropbox';
import { startHost } from './host.js';

let host;
let client;

// The SDK takes a fetch of one's own: this one only leads the service's address to the sandbox's.
const lead = to => (address, options) => fetch(String(address).replace(/^https:\/\/[a-z]+\.dropbox(api)?\.com/, to), options);

before(async () => {
  host = await startHost('--users', '2500');
  client = new Dropbox({ clientId: host['dropbox-app-key'], refreshToken: host['dropbox-refresh-token'], fetch: lead(host.dropbox) });
});
after(() => host.stop());

async function members(from, options) {
  const found = [];
  let { result } = await from.teamMembersListV2(options);
  for (;;) {
    found.push(...result.members);
    if (!result.has_more) return found;
    ({ result } = await from.teamMembersListContinueV2({ cursor: result.cursor }));
  }
}

test('refreshes its token and reads the team and the admin', async () => {
  const { result: team } = await client.teamGetInfo();
  assert.match(team.team_id, /^dbtid:/);
  assert.ok(team.num_used_licenses <= team.num_licensed_users);
  assert.equal(team.policies.emm_state['.tag'], 'disabled');
  const { result: admin } = await client.teamTokenGetAuthenticatedAdmin();
  assert.match(admin.admin_profile.team_member_id, /^dbmid:/);
});

test('pages through the members to the end, each once, removed ones only when asked for', async () => {
  const everybody = await members(client, { limit: 300, include_removed: true });
  assert.equal(new Set(everybody.map(member => member.profile.team_member_id)).size, everybody.length);
  const removed = everybody.filter(member => member.profile.status['.tag'] === 'removed');
  assert.ok(removed.length > 0 && 'is_recoverable' in removed[0].profile.status);
  const now = await members(client, { limit: 1000 });
  assert.equal(now.length, everybody.length - removed.length);
});

test('reads one member, and hears of one who is none', async () => {
  const some = (await members(client, { limit: 1000 })).find(member => member.profile.status['.tag'] === 'active');
  const { result } = await client.teamMembersGetInfoV2({ members: [{ '.tag': 'email', email: some.profile.email }, { '.tag': 'email', email: 'nobody@contoso.example' }] });
  assert.deepEqual(result.members_info.map(item => item['.tag']), ['member_info', 'id_not_found']);
  assert.equal(result.members_info[0].profile.team_member_id, some.profile.team_member_id);
});

test('reads the team\'s log by type and by category, page by page', async () => {
  let { result } = await client.teamLogGetEvents({ limit: 50, event_type: { '.tag': 'sso_change_policy' } });
  assert.deepEqual(result.events.map(event => event.details.new_value['.tag']).sort(), ['optional', 'required']);
  ({ result } = await client.teamLogGetEvents({ limit: 200, category: { '.tag': 'logins' } }));
  let count = result.events.length;
  while (result.has_more) {
    ({ result } = await client.teamLogGetEventsContinue({ cursor: result.cursor }));
    count += result.events.length;
  }
  assert.ok(count > 500);
});

test('links the app with PKCE and exchanges the code without a secret', async () => {
  const auth = new DropboxAuth({ clientId: host['dropbox-app-key'], fetch: lead(host.dropbox) });
  const page = await auth.getAuthenticationUrl('http://127.0.0.1:1/', 'state-1', 'code', 'offline', ['team_info.read'], 'none', true);
  const answer = await fetch(String(page).replace('https://dropbox.com', host.dropbox).replace('https://www.dropbox.com', host.dropbox), { redirect: 'manual' });
  const back = new URL(answer.headers.get('location'));
  assert.equal(back.searchParams.get('state'), 'state-1');
  const { result } = await auth.getAccessTokenFromCode('http://127.0.0.1:1/', back.searchParams.get('code'));
  assert.ok(result.refresh_token && result.access_token);
  assert.equal(result.scope, 'team_info.read');
  await assert.rejects(auth.getAccessTokenFromCode('http://127.0.0.1:1/', back.searchParams.get('code')), { status: 400 });
});

test('refusals come in the shapes that the SDK knows', async () => {
  const withToken = accessToken => new Dropbox({ accessToken, fetch: lead(host.dropbox) });
  await assert.rejects(withToken('nonsense').teamGetInfo(), error => error.status === 401 && error.error.error['.tag'] === 'invalid_access_token');
  await assert.rejects(client.teamMembersListContinueV2({ cursor: 'nonsense' }), error => error.status === 409 && error.error.error['.tag'] === 'invalid_cursor');
  await assert.rejects(client.teamMembersListV2({ limit: 0 }), error => error.status === 400 && typeof error.error === 'string');
  await assert.rejects(new Dropbox({ clientId: host['dropbox-app-key'], refreshToken: 'nonsense', fetch: lead(host.dropbox) }).teamGetInfo(), { status: 400 });
  const narrow = await startHost('--users', '60', '--dropbox-scopes', 'team_info.read');
  try {
    const few = new Dropbox({ accessToken: narrow['dropbox-access-token'], fetch: lead(narrow.dropbox) });
    await assert.rejects(few.teamMembersListV2({ limit: 10 }), error => error.status === 401 && error.error.error.required_scope === 'members.read');
  } finally {
    narrow.stop();
  }
});

test('a rate limit comes with Retry-After', async () => {
  const slow = await startHost('--users', '60', '--faults', '429:1,seed:1,wait:7');
  try {
    await assert.rejects(new Dropbox({ accessToken: slow['dropbox-access-token'], fetch: lead(slow.dropbox) }).teamGetInfo(), error => error.status === 429 && error.headers.get('retry-after') === '7');
  } finally {
    slow.stop();
  }
});
