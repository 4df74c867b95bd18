/**
 * A scenario that a person asks for, as text: a thread a line, its function behind an optional name; an empty line begins another scenario.
 *
 *     # a fault while the range is dropped
 *     CPU0: foo_fault
 *     CPU1: foo_drop_range
 */
export interface AskedScenarios {
	/** Per scenario the entry functions of its threads. */
	readonly scenarios: readonly (readonly string[])[];
	readonly problems: readonly string[];
}

/** Threads a scenario may have. */
const MOST_THREADS = 6;
const LINE = /^(?:([\w ]+?)\s*:\s*)?([A-Za-z_]\w*)(?:\(\))?$/;

/** Never throws: a line that cannot be read is a problem, and its scenario is left out. */
export function parseScenarios(text: string): AskedScenarios {
	const scenarios: (readonly string[])[] = [];
	const problems: string[] = [];
	let threads: string[] = [];
	let broken = false;
	const close = (): void => {
		if (threads.length > MOST_THREADS) problems.push(`scenario of ${threads.join(', ')}: more than ${MOST_THREADS} threads`);
		else if (threads.length && !broken) scenarios.push(threads);
		threads = [];
		broken = false;
	};
	text.split(/\r?\n/).forEach((raw, at) => {
		const line = raw.replace(/#.*/, '').trim();
		if (!line) {
			if (!raw.trim()) close();
			return;
		}
		const name = LINE.exec(line)?.[2];
		if (name) threads.push(name);
		else {
			broken = true;
			problems.push(`scenario line ${at + 1}: not of the form \`CPU0: function\``);
		}
	});
	close();
	if (!scenarios.length && !problems.length) problems.push('the scenario names no thread');
	return { scenarios, problems };
}
