import type { Failure, Program } from '../../../sim';
import type { Lowered } from '../../lower';
import { passed } from '../search/replayed';

/** So many operations before a way out the condition stands that leads there. */
const NEAR = 8;

/** An error by its name, or what IS_ERR() was asked of. */
const ERROR = /^return\s+(?:\(\s*)?(?:-E[A-Z0-9]+|ERR_PTR\s*\(\s*-|ERR_CAST\s*\(|PTR_ERR\s*\()/;
const RETURNED = /^return\s+([A-Za-z_]\w*)\s*;?$/;

/** The function is left with an error, by the code's own words: `return -EIO`, or `return ret` right behind `if (ret)`. What it keeps then it does not hand to its caller. */
export function leavesFailing({ origins }: Lowered, { program, thread, schedule }: Failure & { readonly program: Program }): boolean {
	const code = program.threads[thread]?.code ?? [];
	const ran = passed(program, schedule, thread);
	const texts = ran.map((pc) => ({ op: code[pc]?.op, text: origins[code[pc]?.origin ?? 0]?.text ?? '' }));
	const at = texts.findLastIndex(({ op, text }) => op !== 'end' && text.startsWith('return'));
	const left = texts[at]?.text ?? '';
	if (ERROR.test(left)) return true;
	const variable = RETURNED.exec(left)?.[1];
	// What the function ends with says nothing of a condition that stands before it.
	if (variable === undefined || texts.at(-1)?.op !== 'end' || texts.findLast(({ op }) => op === 'jump')?.text !== left) return false;
	const asked = new RegExp(`^\\(?\\s*(?:unlikely\\()?\\s*${variable}\\s*(?:<\\s*0|!=\\s*0)?\\s*\\)*$`);
	return texts.slice(Math.max(0, at - NEAR), at).some(({ op, text }) => op === 'branch' && asked.test(text));
}
