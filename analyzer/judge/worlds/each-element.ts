import type { Failure } from '../../../sim';
import type { Lowered } from '../../lower';
import { replayed } from '../search/replayed';

/** What frees, or gives back. */
const ENDS: ReadonlySet<string> = new Set(['put', 'free']);

/** An element whose index is no constant. */
const ELEMENT = /\[[^\][]*[A-Za-z_][^\][]*\]/;

/**
 * Whether what a thread gives back once too often is, in the kernel, what the next element of an array has: it goes round a loop and does so for each of
 * them, where one cell of our world stands for all elements. Only what the very same statement has done before, in the same thread, counts.
 */
export function endsEachElement({ program, origins, parties }: Lowered, { thread, pc, schedule }: Failure): boolean {
	const op = program.threads[thread]?.code[pc];
	const origin = origins[op?.origin ?? 0];
	if (!op || !origin || !ENDS.has(op.op) || !isOfElement(origin.text, parties[thread]?.definition.fn.body.text ?? '')) return false;
	const ran = replayed(program, schedule).steps.filter((step) => step.thread === thread);
	// The last time is the failure itself.
	return ran.slice(0, -1).some((step) => step.executed.includes(pc));
}

/** It names the element, or a variable that the function gives one. */
function isOfElement(text: string, body: string): boolean {
	if (ELEMENT.test(text)) return true;
	const name = /\(\s*&?(\w+)\b[^()]*\)\s*;?$/.exec(text)?.[1];
	return name !== undefined && [...body.matchAll(new RegExp(`(?<![\\w.>])${name}\\s*=(?!=)([^;]*);`, 'g'))].some(([, value = '']) => ELEMENT.test(value));
}
