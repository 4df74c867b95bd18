import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { perform } from './cache';

const CANDIDATES = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/snap/bin/chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
	'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** What a closed network and a container need: no sandbox for root, and nothing that phones home. */
const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Frames as fast as they can be made, whatever the screen shows. */
export const NO_FRAME_LIMIT = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

const isRoot = (): boolean => process.getuid?.() === 0;

const found = (): string | undefined => [process.env.CHROMIUM, ...CANDIDATES].find((path): path is string => !!path && existsSync(path));

function hasApt(): boolean {
	try {
		execFileSync('apt-get', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

/** A Chromium to drive: `CHROMIUM`, an installed one, or (root on Debian) one installed now. Rejects with the command that installs it. */
async function ensureChromium(): Promise<string> {
	const path = found();
	if (path) return path;
	if (isRoot() && hasApt()) {
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		await perform({ label: 'Debian\'s package lists', command: 'apt-get', args: ['update', '-qq'], env });
		await perform({ label: 'chromium', command: 'apt-get', args: ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], env });
		const installed = found();
		if (installed) return installed;
	}
	throw new Error('The tests in the editor need Chromium, and none is installed. Install it with\n  sudo apt-get install chromium\nor name one with CHROMIUM=/path/to/chromium.');
}

/** A headless browser, with flags of its own. The caller closes it. */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
	return chromium.launch({ executablePath: await ensureChromium(), headless: true, args: [...FLAGS, ...flags, ...(isRoot() ? ['--no-sandbox'] : [])] });
}
