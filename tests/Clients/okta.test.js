// Okta's own SDK, unchanged, against the sandbox: what it sends and the sandbox refuses is a defect of the sandbox.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import okta from '@okta/okta-sdk-nodejs';
import { startHost } from './host.js';

const people = 700;
let host;
let client;
const testing = { disableHttpsCheck: true };

before(async () => {
  host = await startHost('--users', String(people));
  client = new okta.Client({ orgUrl: host.okta, token: host['okta-token'], testing });
});
after(() => host.stop());

async function all(collection) {
  const items = [];
  await collection.each(item => { items.push(item); });
  return items;
}

const dropbox = async with_ => (await all(await with_.applicationApi.listApplications({ filter: 'name eq "dropbox_for_business"' })))[0];

test('finds the app and reads it one by one', async () => {
  const app = await dropbox(client);
  assert.equal(app.name, 'dropbox_for_business');
  assert.equal(app.signOnMode, 'SAML_2_0');
  const again = await client.applicationApi.getApplication({ appId: app.id });
  assert.equal(again.label, app.label);
  assert.equal(again.status, 'ACTIVE');
});

test('pages through the app\'s users to the end, each once', async () => {
  const app = await dropbox(client);
  const users = await all(await client.applicationApi.listApplicationUsers({ appId: app.id, limit: 100, expand: 'user' }));
  assert.ok(users.length > 500);
  assert.equal(new Set(users.map(user => user.id)).size, users.length);
  assert.ok(users.every(user => user.credentials.userName.includes('@')));
  const one = await client.applicationApi.getApplicationUser({ appId: app.id, userId: users[0].id });
  assert.equal(one.status, users[0].status);
});

test('pages through users and groups, and searches', async () => {
  const users = await all(await client.userApi.listUsers({ limit: 200 }));
  assert.ok(users.length > 600);
  const email = users[5].profile.email;
  const found = await all(await client.userApi.listUsers({ search: `profile.email eq "${email}"` }));
  assert.deepEqual(found.map(user => user.id), [users[5].id]);
  assert.equal((await client.userApi.getUser({ userId: users[5].profile.login })).id, users[5].id);
  const groups = await all(await client.groupApi.listGroups({ search: 'profile.name eq "Dropbox Pilot"' }));
  assert.equal(groups.length, 1);
  assert.ok((await all(await client.groupApi.listGroupUsers({ groupId: groups[0].id, limit: 50 }))).length > 50);
});

test('reads the System Log between two times to its end', async () => {
  const until = new Date(Date.now() + 60_000);
  const since = new Date(until - 80 * 86_400_000);
  const events = await all(await client.systemLogApi.listLogEvents({ since: since.toISOString(), until: until.toISOString(), filter: 'eventType eq "application.provision.user.push"', limit: 100 }));
  assert.ok(events.length > 100);
  assert.ok(events.every(event => event.eventType === 'application.provision.user.push'));
  assert.ok(events.some(event => event.outcome.result === 'FAILURE' && event.outcome.reason));
});

test('the SDK\'s typed model has no place for the app\'s own settings, where the silent switch is', async () => {
  // Why the module keeps the app as raw JSON: who wrote this back would lose them.
  const app = await dropbox(client);
  assert.ok(app.settings);
  assert.equal(app.settings.app, undefined);
});

test('assigns a person and a group, and finds both assigned', async () => {
  const app = await dropbox(client);
  const assigned = new Set((await all(await client.applicationApi.listApplicationUsers({ appId: app.id, limit: 500 }))).map(user => user.id));
  const free = (await all(await client.userApi.listUsers({ limit: 200 }))).find(user => !assigned.has(user.id));
  const made = await client.applicationApi.assignUserToApplication({ appId: app.id, appUser: { id: free.id, scope: 'USER' } });
  assert.equal(made.id, free.id);
  const group = (await all(await client.groupApi.listGroups({ search: 'profile.name eq "Contractors"' })))[0];
  await client.applicationApi.assignGroupToApplication({ appId: app.id, groupId: group.id });
  assert.equal((await client.applicationApi.getApplicationGroupAssignment({ appId: app.id, groupId: group.id })).id, group.id);
});

test('signs in as a service app with its private key, with DPoP', async () => {
  const service = new okta.Client({
    orgUrl: host.okta, authorizationMode: 'PrivateKey', clientId: host['okta-client-id'], privateKey: host['okta-private-key'],
    keyId: JSON.parse(host['okta-private-key']).kid, scopes: ['okta.apps.read', 'okta.users.read'], testing,
  });
  const app = await dropbox(service);
  assert.ok((await all(await service.applicationApi.listApplicationUsers({ appId: app.id, limit: 200 }))).length > 500);
  await assert.rejects(async () => all(await service.groupApi.listGroups({})), { status: 403 });
});

test('a scope that was not granted is refused at the token endpoint', async () => {
  const service = new okta.Client({
    orgUrl: host.okta, authorizationMode: 'PrivateKey', clientId: host['okta-client-id'], privateKey: host['okta-private-key'],
    keyId: JSON.parse(host['okta-private-key']).kid, scopes: ['okta.policies.manage'], testing,
  });
  await assert.rejects(() => dropbox(service));
});

test('refusals come in the shapes that the SDK knows', async () => {
  const stranger = new okta.Client({ orgUrl: host.okta, token: 'nobody', testing });
  await assert.rejects(() => dropbox(stranger), { status: 401, errorCode: 'E0000011' });
  await assert.rejects(() => client.applicationApi.getApplication({ appId: '0oanowhere' }), { status: 404, errorCode: 'E0000007' });
  await assert.rejects(() => client.applicationApi.assignUserToApplication({ appId: '0oanowhere', appUser: { id: 'x' } }), { status: 404 });
  await assert.rejects(async () => all(await client.userApi.listUsers({ search: 'profile.email xx "a"' })), { status: 400, errorCode: 'E0000031' });
});

test('a rate limit is waited for and then passed by the SDK itself', async () => {
  const slow = await startHost('--users', '60', '--faults', '429:0.3,seed:3,wait:1');
  try {
    const patient = new okta.Client({ orgUrl: slow.okta, token: slow['okta-token'], testing, requestExecutor: new okta.DefaultRequestExecutor({ maxRetries: 8, requestTimeout: 0 }) });
    for (let i = 0; i < 4; i++) assert.equal((await dropbox(patient)).name, 'dropbox_for_business');
  } finally {
    slow.stop();
  }
});
