import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Frame, FrameLocator, Locator, Page } from 'playwright-core';
import type { EditorServer } from './server';

/** A page of the embedded VS Code, driven as a person would: by what is on the screen. */

export interface OpenOptions {
	readonly folder: string;
	/** The extension under test, from its folder; absent: as installed. */
	readonly extension?: string;
	readonly file?: string;
	readonly width?: number;
	readonly height?: number;
	readonly reducedMotion?: boolean;
	readonly host?: string;
}

const READY_MS = 90_000;
const LENSES_REST_MS = 900;
const PALETTE_MS = 10_000;
/** The palette's list comes in two parts, the second of them a moment later. */
const PALETTE_REST_MS = 200;
const QUICK_MS = 30_000;
const NOTIFICATION_MS = 100;
const MENU_MS = 2_000;
const MENU_CLICKS = 5;

export class Workbench {
	readonly console: string[] = [];

	private constructor(readonly page: Page, readonly size: { readonly width: number; readonly height: number }, private readonly context: BrowserContext, private readonly pictures: string, /** `node` or `web`: which extension host runs the extension. */ readonly host: string) {
		page.on('console', (message) => this.console.push(`${message.type()}: ${message.text()}`));
		page.on('pageerror', (error) => this.console.push(`pageerror: ${error.message}`));
	}

	static async open(browser: Browser, server: EditorServer, pictures: string, options: OpenOptions): Promise<Workbench> {
		const size = { width: options.width ?? 1500, height: options.height ?? 950 };
		const context = await browser.newContext({ viewport: size, reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference' });
		await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://${server.host}` });
		const page = await context.newPage();
		page.setDefaultTimeout(QUICK_MS);
		mkdirSync(pictures, { recursive: true });
		const workbench = new Workbench(page, size, context, pictures, options.host ?? 'node');
		const remote = (path: string): string => `vscode-remote://${server.host}${path}`;
		const payload: [string, string][] = [['skipWelcome', 'true'], ['skipReleaseNotes', 'true']];
		if (options.extension) payload.push(['extensionDevelopmentPath', remote(options.extension)]);
		if (options.file) payload.push(['openFile', remote(options.file)]);
		await page.goto(`http://${server.host}/?folder=${encodeURIComponent(options.folder)}&payload=${encodeURIComponent(JSON.stringify(payload))}`, { timeout: READY_MS });
		await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: READY_MS });
		return workbench;
	}

	/** Opens a file by its path in the folder, at its beginning: the editor remembers where one was. */
	async openFile(name: string): Promise<void> {
		await this.page.keyboard.press('ControlOrMeta+P');
		await this.page.locator('.quick-input-widget input:focus').waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.type(name);
		await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name.split('/').at(-1) ?? name }).first().waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.press('Enter');
		await this.page.locator('.tab.active', { hasText: name.split('/').at(-1) ?? name }).waitFor({ timeout: QUICK_MS });
		await this.page.locator('.monaco-editor.focused').first().waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.press('ControlOrMeta+Home');
	}

	/** Runs a command from the palette, with the keyboard alone. The palette may put another one of similar name first. */
	async command(title: string): Promise<void> {
		const labels = (): Promise<readonly string[]> => this.page.locator('.quick-input-list .monaco-list-row').evaluateAll((rows) => rows
			.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((row) => (row.getAttribute('aria-label') ?? '').split(', ')[0] ?? ''));
		const focused = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first();
		for (let attempt = 1; ; attempt++) {
			await this.page.keyboard.press('F1');
			await this.page.locator('.quick-input-widget input:focus').waitFor({ timeout: QUICK_MS });
			await this.page.keyboard.type(title);
			try {
				await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({ timeout: PALETTE_MS });
				await this.page.waitForTimeout(PALETTE_REST_MS);
				const all = await labels();
				const exact = all.findIndex((label) => label === title || label.endsWith(`: ${title}`));
				for (let down = 0; down < (exact >= 0 ? exact : all.findIndex((label) => label.includes(title))); down++) await this.page.keyboard.press('ArrowDown');
				await focused.waitFor({ timeout: PALETTE_MS });
				break;
			} catch (error) {
				// The palette lists what was available when it opened.
				if (attempt === 3) throw error;
				await this.page.keyboard.press('Escape');
			}
		}
		await this.page.keyboard.press('Enter');
	}

	/** A chord of the extension's own: Ctrl+Alt+R, then the letter. */
	async chord(letter: string): Promise<void> {
		await this.page.locator('.monaco-editor.focused').first().waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.press('Control+Alt+r');
		await this.page.keyboard.press(letter);
	}

	/** The extension's menu in the editor's context menu, with the mouse alone. */
	async menu(title: string): Promise<void> {
		await this.page.locator('.editor-instance .view-lines').first().locator('.view-line').nth(2).click({ button: 'right', position: { x: 4, y: 8 } });
		const own = this.page.locator('.monaco-menu .action-item', { hasText: 'Race Review' }).first();
		await own.waitFor({ timeout: QUICK_MS });
		await own.click();
		const item = this.page.locator('.monaco-submenu .action-item', { has: this.page.getByText(title, { exact: true }) }).first();
		await item.waitFor({ timeout: QUICK_MS });
		// A menu takes no click in the moment it opens.
		for (let attempt = 0; attempt < MENU_CLICKS && await item.isVisible(); attempt++) {
			await item.click({ timeout: MENU_MS }).catch(() => undefined);
			await item.waitFor({ state: 'hidden', timeout: MENU_MS }).catch(() => undefined);
		}
	}

	lens(text: string | RegExp): Locator {
		return this.page.locator('.codelens-decoration a', { hasText: text });
	}

	/** Clicks a lens once the editor has stopped drawing them anew: a click on one that is being replaced is lost. */
	async clickLens(text: string | RegExp): Promise<void> {
		const lens = this.lens(text).first();
		await lens.waitFor();
		await this.page.waitForTimeout(LENSES_REST_MS);
		await lens.click();
	}

	/** The lenses on the screen, a string each row. The editor keeps those it has scrolled away, with their old words, until they come back. */
	async lensTexts(): Promise<readonly string[]> {
		const texts = await this.page.locator('.codelens-decoration').evaluateAll((all) => all.flatMap((lens) => {
			const { top, bottom } = lens.getBoundingClientRect();
			const frame = lens.closest('.monaco-editor')?.getBoundingClientRect();
			return frame && lens.checkVisibility({ visibilityProperty: true }) && bottom > frame.top && top < frame.bottom ? [lens.textContent ?? ''] : [];
		}));
		return texts.map((text) => text.replaceAll('\u00a0', ' '));
	}

	/** The words behind marked lines that are on the screen. They are pseudo-elements' content. */
	annotations(): Promise<readonly string[]> {
		return this.page.locator('.view-line span[class*="ced-"]').evaluateAll((spans) => spans.flatMap((span) => {
			const content = getComputedStyle(span, '::after').content;
			return content && content !== 'none' && content !== 'normal' ? [content.replace(/^"|"$/g, '')] : [];
		}));
	}

	/** Puts the mouse on the first marked line that is on the screen. */
	async hoverAnnotated(): Promise<void> {
		const spans = this.page.locator('.view-line span[class*="ced-"]');
		const index = await spans.evaluateAll((all) => all.findIndex((span) => !['none', 'normal', ''].includes(getComputedStyle(span, '::after').content)));
		const line = spans.nth(Math.max(0, index)).locator('xpath=ancestor::div[contains(concat(" ", @class, " "), " view-line ")][1]');
		await line.hover({ position: { x: 60, y: 8 } });
	}

	/** With the keyboard, as a person would. 1-based. */
	async goToLine(line: number): Promise<void> {
		await this.page.keyboard.press('Control+G');
		await this.page.locator('.quick-input-widget input').waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.type(String(line));
		await this.page.keyboard.press('Enter');
		await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: QUICK_MS });
	}

	async focusEditor(): Promise<void> {
		await this.command('View: Focus First Editor Group');
	}

	/** Types into the quick input, once it asks what is expected. */
	async answer(asked: string | RegExp, text: string): Promise<void> {
		await this.page.locator('.quick-input-widget', { hasText: asked }).waitFor({ timeout: QUICK_MS });
		await this.page.locator('.quick-input-widget input:focus').waitFor({ timeout: QUICK_MS });
		await this.page.keyboard.type(text);
		await this.page.keyboard.press('Enter');
	}

	/** What the extension says, once it says what is expected. The editor under test does not pop notifications up: they are read where they are kept. */
	async notification(wanted: RegExp): Promise<string> {
		await this.command('Notifications: Show Notifications');
		const list = this.page.locator('.notifications-center .notification-list-item-message');
		const until = Date.now() + QUICK_MS;
		for (;;) {
			const texts = await list.allTextContents();
			const found = texts.find((text) => wanted.test(text));
			if (found !== undefined) {
				await this.command('Notifications: Clear All Notifications');
				return found;
			}
			if (Date.now() > until) throw new Error(`no notification says ${wanted}; there are: ${texts.join(' / ') || 'none'}`);
			await this.page.waitForTimeout(NOTIFICATION_MS);
		}
	}

	/** Nothing open any more, nothing asked. */
	async reset(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.page.keyboard.press('Escape');
		await this.command('View: Close All Editors');
		const discard = this.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Don\'t Save' });
		await this.page.waitForTimeout(300);
		if (await discard.count()) await discard.first().click();
		await this.page.locator('.tab').first().waitFor({ state: 'detached', timeout: QUICK_MS });
	}

	/** The stepper's own document. */
	get stepper(): FrameLocator {
		return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
	}

	/** The same as a frame, in which scripts can be run. */
	async stepperFrame(): Promise<Frame> {
		const element = await this.page.frameLocator('iframe.webview.ready').locator('#active-frame').elementHandle();
		const frame = await element?.contentFrame();
		if (!frame) throw new Error('the stepper has no frame');
		return frame;
	}

	/** The line of the editor's cursor: the number that stands out in the margin. 0: it is not on the screen. */
	async cursorLine(): Promise<number> {
		return Number((await this.page.locator('.line-numbers.active-line-number').first().textContent({ timeout: QUICK_MS })) ?? 0);
	}

	clipboard(): Promise<string> {
		return this.page.evaluate(() => navigator.clipboard.readText());
	}

	async picture(name: string): Promise<string> {
		const path = join(this.pictures, `${name}.png`);
		await this.page.screenshot({ path });
		return path;
	}

	close(): Promise<void> {
		return this.context.close();
	}
}
