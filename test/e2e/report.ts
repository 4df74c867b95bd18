import type { Workbench } from '../../scripts/rig/workbench';

/** Counts what holds in the editor under test. A case that throws has failed; its picture and the browser's console are kept. */
export class Report {
	passed = 0;
	failed = 0;
	/** Known gaps that show today: told, not counted as failures. */
	known = 0;
	readonly failures: string[] = [];

	constructor(private readonly host: string) {}

	/** `gap`: a known gap, in words; while it is there the case is told as that. */
	async check(name: string, act: () => Promise<void>, workbench?: Workbench, gap?: string): Promise<boolean> {
		const began = Date.now();
		try {
			await act();
			this.passed++;
			console.log(`  ok   ${this.host}: ${name} (${Date.now() - began} ms)`);
			return true;
		} catch (error) {
			if (gap !== undefined) {
				this.known++;
				console.log(`  gap  ${this.host}: ${name}: ${gap}`);
				return false;
			}
			this.failed++;
			const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
			this.failures.push(`${this.host}: ${name}\n${message}`);
			console.log(`  FAIL ${this.host}: ${name}\n${message.split('\n').slice(0, 12).map((line) => `       ${line}`).join('\n')}`);
			if (workbench) console.log(`       picture: ${await workbench.picture(`failed-${this.host}-${name.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => 'none')}`);
			return false;
		}
	}
}

/** Says what was expected and what there is. */
export function expectThat(holds: boolean, otherwise: () => string): void {
	if (!holds) throw new Error(otherwise());
}

export function expectEqual<T>(actual: T, expected: T, what: string): void {
	expectThat(actual === expected, () => `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
}

const POLL_MS = 50;

/** Waits until `read` gives what `holds` accepts; throws with the last value when it does not in time. */
export async function eventually<T>(what: string, read: () => Promise<T>, holds: (value: T) => boolean, milliseconds = 30_000): Promise<T> {
	const until = Date.now() + milliseconds;
	for (;;) {
		const value = await read();
		if (holds(value)) return value;
		if (Date.now() > until) throw new Error(`${what}: not in ${milliseconds} ms; last ${JSON.stringify(value)?.slice(0, 2_000)}`);
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
}
