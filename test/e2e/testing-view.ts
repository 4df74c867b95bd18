import type { Locator, Page } from 'playwright-core';
import type { Workbench } from '../../scripts/rig/workbench';
import { Key } from './keys';
import { eventually } from './report';

const RUN_MS = 60_000;
const DIALOG_REST_MS = 500;
const ROW_MS = 1_000;
const MOST_ROWS = 60;

/** A row's text is its label, what is said of the series, and the time its run took. */
const isCalled = (text: string, name: string): boolean => text.trim().startsWith(name) && /^\s*(?:\d|no failure|stopped|$)/.test(text.trim().slice(name.length));

/** *Check a patch series…* and what it puts into the Testing view. */
export class TestingView {
	private readonly page: Page;

	constructor(private readonly bench: Workbench) {
		this.page = bench.page;
	}

	/** Asks for a series and picks where it is. */
	async ask(from: string): Promise<void> {
		await this.bench.command('Race Review: Check a patch series…');
		await eventually('sources', () => this.page.locator('.quick-input-list .monaco-list-row').allTextContents(), (all) => all.some((text) => text.includes(from)));
		await this.page.keyboard.type(from);
		await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: from }).waitFor();
		await this.page.keyboard.press(Key.enter);
	}

	/** The editor's own dialog for files and folders: a path, and Enter. */
	async path(title: string, wanted: string): Promise<void> {
		const box = this.page.locator('.quick-input-widget', { hasText: title });
		await box.waitFor();
		const input = box.locator('input').first();
		// The dialog puts a path of its own there first.
		await eventually('a path', () => input.inputValue(), (value) => value.length > 0);
		await this.page.waitForTimeout(DIALOG_REST_MS);
		await input.fill(wanted);
		await eventually('path', () => input.inputValue(), (value) => value === wanted);
		await this.page.keyboard.press(Key.enter);
		const accept = box.locator('.monaco-button', { hasText: 'Check' });
		await this.page.waitForTimeout(DIALOG_REST_MS * 2);
		if (await accept.isVisible()) await accept.click();
	}

	/** Each row with how deep it lies. */
	rows(): Promise<readonly { readonly text: string; readonly level: number }[]> {
		return this.page.locator('.test-explorer .monaco-list-row').evaluateAll((all) => all
			.map((row) => ({ text: row.textContent ?? '', level: Number(row.getAttribute('aria-level')), at: row.getBoundingClientRect().top }))
			.sort((a, b) => a.at - b.at));
	}

	/** What lies under the series of that name, itself first: another one's rows say nothing of it. */
	async under(name: string): Promise<readonly string[]> {
		const all = await this.rows();
		const head = all.findIndex(({ text, level }) => level === 1 && isCalled(text, name));
		if (head < 0) return [];
		const next = all.findIndex(({ level }, at) => at > head && level === 1);
		return all.slice(head, next < 0 ? undefined : next).map(({ text }) => text);
	}

	/** Opens the series of that name and folds the others: the list shows what fits. */
	private async only(name: string): Promise<void> {
		for (const row of await this.page.locator('.test-explorer .monaco-list-row[aria-level="1"]').all()) {
			const text = await row.textContent({ timeout: ROW_MS }).catch(() => null);
			const open = await row.getAttribute('aria-expanded', { timeout: ROW_MS }).catch(() => null);
			if (text !== null && open !== null && (open === 'true') !== isCalled(text, name)) await row.locator('.monaco-tl-twistie').click({ timeout: ROW_MS }).catch(() => undefined);
		}
	}

	/** Opens the series, and what lies in it, until the patches are there. */
	async shown(name: string, patches: readonly RegExp[]): Promise<readonly string[]> {
		await this.page.locator('.test-explorer').waitFor();
		await eventually('patches', async () => {
			await this.only(name);
			await this.page.locator('.test-explorer .monaco-list-row[aria-level="2"] .monaco-tl-twistie.collapsed').first().click({ timeout: ROW_MS }).catch(() => undefined);
			return this.under(name);
		}, (texts) => patches.every((patch) => texts.some((text) => patch.test(text))), RUN_MS);
		return this.under(name);
	}

	row(text: string | RegExp): Locator {
		return this.page.locator('.test-explorer .monaco-list-row', { hasText: text });
	}

	/** With the keyboard alone: the focus on the first row of that text, what is folded on the way there opened. */
	async focusRow(text: RegExp): Promise<void> {
		await this.bench.command('Testing: Focus on Test Explorer View');
		await this.page.keyboard.press(Key.first);
		const focused = this.page.locator('.test-explorer .monaco-list-row.focused');
		for (let row = 0; row < MOST_ROWS; row++) {
			await focused.first().waitFor();
			if (text.test((await focused.first().textContent()) ?? '')) return;
			if (await focused.first().getAttribute('aria-expanded') === 'false') await this.page.keyboard.press(Key.forward);
			await this.page.keyboard.press('ArrowDown');
		}
		throw new Error(`no row of the Testing view is ${text}`);
	}

	/** With the mouse alone: the entry of the row's menu. */
	async menuOf(row: Locator, title: string): Promise<void> {
		await row.click({ button: 'right' });
		const item = this.page.locator('.monaco-menu .action-item', { hasText: title }).first();
		await item.waitFor();
		// A menu takes no click in the moment it opens.
		await this.page.waitForTimeout(DIALOG_REST_MS);
		await item.click();
	}

	/** With the keyboard alone: the entry of the focused row's menu. */
	async menuOfFocused(title: string): Promise<void> {
		await this.page.keyboard.press('Shift+F10');
		const items = this.page.locator('.monaco-menu .action-item');
		await items.filter({ hasText: title }).first().waitFor();
		for (let down = await items.count(); down > 0; down--) {
			await this.page.keyboard.press('ArrowDown');
			if ((await this.page.locator('.monaco-menu .action-item.focused').textContent())?.includes(title)) break;
		}
		await this.page.keyboard.press(Key.enter);
	}
}
