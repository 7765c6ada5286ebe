import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// The built sandbox host: the one that is named, else that of either configuration.
function program() {
  const at = configuration => fileURLToPath(new URL(
    `../../src/DropboxOktaProvisioning.SandboxHost/bin/${configuration}/net10.0/DropboxOktaProvisioning.SandboxHost.dll`, import.meta.url));
  const found = [process.env.SANDBOX_HOST, at('Debug'), at('Release')].find(path => path && existsSync(path));
  if (!found) throw new Error('The sandbox host is not built: run dotnet build first.');
  return found;
}

/** Starts the sandbox host and resolves to what it prints, by name, and to how to stop it. */
export function startHost(...options) {
  const child = spawn('dotnet', ['exec', program(), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    const told = {};
    child.once('exit', code => reject(new Error(`The sandbox host ended with ${code}.`)));
    createInterface({ input: child.stdout }).on('line', line => {
      if (line === 'ready') resolve({ ...told, stop: () => child.kill() });
      const space = line.indexOf(' ');
      told[line.slice(0, space)] = line.slice(space + 1);
    });
  });
}
