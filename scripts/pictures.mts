/** Makes the pictures of the README and of the walkthrough from the real editor: docs/screenshot.png, media/walkthrough/*.png. Build first. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '../test/e2e/report';
import { makeWorkspace } from '../test/e2e/workspace';
import { launchChromium } from './rig/browser';
import { startServer } from './rig/server';
import { Workbench } from './rig/workbench';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const seeds = join(root, '..', 'shared', 'seeds');
const workspace = makeWorkspace(root);
const server = await startServer({ development: true, settings: { 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden' } });
const browser = await launchChromium();

async function shoot(folder: string, file: string, line: number, lens: RegExp, clicked: RegExp, picture: string, stepper: boolean): Promise<void> {
	const bench = await Workbench.open(browser, server, dirname(picture), { folder, extension: root, width: 1280, height: 800 });
	await bench.openFile(file);
	await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => /Race review: [^l]/.test(text)), 60_000);
	await bench.command('View: Toggle Primary Side Bar Visibility');
	await bench.goToLine(line);
	await eventually('lens', () => bench.lensTexts(), (texts) => texts.some((text) => lens.test(text)), 60_000);
	if (stepper) {
		await bench.clickLens(clicked);
		await bench.stepper.locator('race-lanes .row').first().waitFor();
		await bench.page.keyboard.press('f');
		await bench.page.keyboard.press('ArrowLeft');
		await bench.page.waitForTimeout(300);
		await bench.page.keyboard.press('ArrowRight');
	}
	await bench.page.waitForTimeout(1_500);
	await bench.page.screenshot({ path: picture });
	await bench.close();
	console.log(picture);
}

try {
	mkdirSync(join(root, 'docs'), { recursive: true });
	mkdirSync(join(root, 'media', 'walkthrough'), { recursive: true });
	await shoot(workspace.folder, 'fix.patch', 48, /quill_fault\(\)/, /quill_fault\(\)/, join(root, 'media', 'walkthrough', 'lens.png'), false);
	await shoot(workspace.folder, 'fix.patch', 48, /quill_fault\(\)/, /quill_fault\(\)/, join(root, 'media', 'walkthrough', 'stepper.png'), true);
	await shoot(seeds, '002_f14616a2f5729a72.txt', 335, /ext4_punch_hole\(\): before ✗/, /ext4_punch_hole\(\): before ✗/, join(root, 'docs', 'screenshot.png'), true);
} finally {
	await browser.close();
	await server.stop();
	rmSync(workspace.folder, { recursive: true, force: true });
}
