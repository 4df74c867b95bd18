import type { Workbench } from '../../scripts/rig/workbench';

/** Counts what holds in the editor under test. A case that throws twice has failed; its picture and the browser's console are kept. */
export class Report {
	passed = 0;
	failed = 0;
	/** Of those that passed: what held only when it was tried again. */
	second = 0;
	readonly failures: string[] = [];
	/** A case was left out: the next one begins from the beginning, not from where that one would have ended. */
	private leftOut = false;

	/** `wanted`: only the cases whose name has these words; undefined: all. */
	constructor(private readonly host: string, private readonly wanted?: string) {}

	/**
	 * One case. With a workbench, a case that throws is tried once more from an editor in which nothing is open; `from` brings it to where the
	 * case begins. What holds then has passed, and is told as held on the second try.
	 */
	async check(name: string, act: () => Promise<void>, workbench?: Workbench, from?: () => Promise<void>): Promise<boolean> {
		if (this.wanted !== undefined && !name.includes(this.wanted)) {
			this.leftOut = true;
			return true;
		}
		const anew = async (): Promise<void> => {
			await workbench?.reset();
			await from?.();
		};
		const began = Date.now();
		const ok = (how: string): true => {
			this.passed++;
			console.log(`  ${how} ${this.host}: ${name} (${Date.now() - began} ms)`);
			return true;
		};
		try {
			if (this.leftOut) await anew();
			this.leftOut = false;
			await act();
			return ok('ok  ');
		} catch (error) {
			if (!workbench) return this.fail(name, error);
			const picture = await workbench.picture(`failed-${this.host}-${name.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => 'none');
			console.log(`       first try of ${name}: ${words(error).split('\n').slice(0, 4).join('\n       ')}\n       picture: ${picture}`);
		}
		try {
			await anew();
			await act();
			this.second++;
			return ok('ok (second try)');
		} catch (error) {
			await workbench.picture(`failed-twice-${this.host}-${name.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => 'none');
			return this.fail(name, error);
		}
	}

	private fail(name: string, error: unknown): false {
		this.failed++;
		const message = words(error);
		this.failures.push(`${this.host}: ${name}\n${message}`);
		console.log(`  FAIL ${this.host}: ${name}\n${message.split('\n').slice(0, 12).map((line) => `       ${line}`).join('\n')}`);
		return false;
	}
}

const words = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

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
