import { beginsWith, isNamed, type Namings } from '../knowledge/namings';

/** ` mutex_lock_nested+0x3c/0x58`, ` [<ffff>] foo+0x1/0x2 [module]`, ` ? foo+0x…` is a guess of the unwinder. */
const FRAME = /^\s*(?:\[[^\]]*\]\s*)*(?:\[<[^>]*>\]\s*)?([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/** Functions of the first trace, innermost first. */
export function frames(table: Namings, lines: readonly string[]): readonly string[] {
	const names: string[] = [];
	let apart = 0;
	for (const line of lines) {
		const name = FRAME.exec(line)?.[1];
		if (name) {
			apart = 0;
			if (!isNamed(table, 'tells-of-sleep', name)) names.push(name);
		} else if (names.length > 0 && ++apart > 2) break;
	}
	return names;
}

/** A line of a drawn tree of calls: `  foo`, `  |-> foo(…)`, `  foo() /* takes the spin lock *\/`. */
const BRANCH = /^((?:\s|[|`+\-=>~\d.:])*)([A-Za-z_]\w*)\s*(?:\(.*|\/\/.*|\/\*.*|--?>.*|<-.*|#.*)?;?\s*$/;
/** What is said behind a call that sleeps: `kzalloc(…, GFP_KERNEL) //may sleep`, `msleep --> sleep`. */
const SLEEPS_THERE = /(?:\/\/|\/\*|->|=>|<-|#|\))\s*(?:(?:it )?(?:may|might|can|could|will|would)\s+)?(?:sleep|block|schedule)(?:s|ing)?\b/i;
/** `drivers/foo.c, 12: msleep in foo_wait`, as call paths are listed from bottom to top. */
const CALLED_IN = /^\s*(?:\S+\.[ch](?:[,:]\s*\d+)?:?\s+)?([A-Za-z_]\w*)(?:\([^()]*\))? in ([A-Za-z_]\w*)(?:\(\))?\s*$/;

/** Functions on the way down to the last lock that is taken in a drawn tree of calls, innermost first: where another one of its calls takes one, too, they are called with that. */
export function callersOfLock(table: Namings, lines: readonly string[]): readonly string[] {
	const takes = (line: string): boolean => beginsWith(table, 'takes-lock', line.slice(indentOf(line)));
	const at = lines.findLastIndex(takes);
	const taken = lines[at];
	const lock = taken === undefined ? undefined : /\(([^,)]*)/.exec(taken)?.[1];
	if (taken === undefined || !lines.slice(0, at).some((line) => takes(line) && line.includes(lock ?? ''))) return [];
	return above(lines, at, indentOf(taken));
}

const indentOf = (line: string): number => /^[\s|`+\-=>~\d.:]*/.exec(line)?.[0].length ?? 0;

/** The callers of what stands in this line of a drawn tree, innermost first. */
function above(lines: readonly string[], at: number, indent: number): readonly string[] {
	const names: string[] = [];
	let depth = indent;
	for (const line of lines.slice(0, at).reverse()) {
		const [, before = '', name] = BRANCH.exec(line) ?? [];
		if (!name) break;
		if (before.length >= depth) continue;
		depth = before.length;
		names.push(name);
	}
	return names;
}

/** Functions on the way down to what sleeps in a drawn tree of calls, innermost first. */
export function callersOfSleeper(table: Namings, lines: readonly string[]): readonly string[] {
	for (const [at, line] of lines.entries()) {
		const leaf = SLEEPS_THERE.test(line) ? BRANCH.exec(line) : null;
		if (!leaf) continue;
		const names = above(lines, at, (leaf[1] ?? '').length);
		if (names.length > 0) return names;
	}
	const called = lines.map((line) => CALLED_IN.exec(line));
	const first = called.findIndex((each) => each !== null && isNamed(table, 'sleeps', each[1] ?? ''));
	if (first < 0) return [];
	const names: string[] = [];
	for (const line of called.slice(first)) {
		if (line && (names.length === 0 || line[1] === names.at(-1))) names.push(line[2] ?? '');
		else if (line) break;
	}
	return names;
}
