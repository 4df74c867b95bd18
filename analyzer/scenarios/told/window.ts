import { quoted } from './claim';
import type { CheckName } from '../../../sim';
import type { Aside, Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import type { CNode } from '../../parse';
import { inWords } from '../names/called';
import type { Change } from '../implied/change';
import { type ImpliedScenario, own, thread, wrapper } from '../implied/partner';

/** What a remedy falls short of, as a window that both sides leave open: from behind (or, `from`, right before) one statement until another one, or for as long as one statement lasts. */
export interface Shortfall {
	readonly check: CheckName;
	/** What breaks, as a sentence. */
	readonly message: string;
	/** The mail's sentence of which the patch falls short, and why, in words. */
	readonly said: string;
	readonly reason: string;
	/** Who comes in, by a name of ours. */
	readonly other: string;
	/** Statements by side; without an opening one the window is open as soon as the function runs. */
	readonly opens: { readonly before?: CNode; readonly after?: CNode };
	readonly opensAt: 'before' | 'after';
	readonly ends: { readonly before: CNode; readonly after: CNode };
	/** The last statement is asked about when it is done, where it is the window itself. */
	readonly lasts?: boolean;
}

const CELL = 'INSTANCE(told)->__in_between';

/** The function on both sides beside somebody who comes in between: what the patch puts against that keeps him out on neither. */
export function windowed(change: Change, { check, message, said, reason, other: name, opens, opensAt, ends, lasts = false }: Shortfall): ImpliedScenario | null {
	const code = (own: string, text: string): Definition | null => thread(change, own, '', `\t${text}`);
	const [opened, asked, other] = [code('opened', `WRITE_ONCE(${CELL}, 0);`), code('asked', `CHECK("${check}", READ_ONCE(${CELL}) != 1, "${message.replaceAll('"', '')}");`), code(name, `WRITE_ONCE(${CELL}, 1);`)];
	const entered = wrapper(change, `WRITE_ONCE(${CELL}, 0);\n$self;`, { self: `${change.name}(${change.after.fn.params.map((param) => param.name).join(', ')})` });
	if (!opened || !asked || !other || !entered) return null;
	const ours = (side: 'before' | 'after'): Definition => {
		const { file, fn } = change[side];
		const asides = new Map<number, Aside>();
		const put = (node: CNode | undefined, aside: Aside): void => {
			if (node) asides.set(node.start, { ...asides.get(node.start), ...aside });
		};
		put(opens[side], opensAt === 'before' ? { before: opened } : { after: opened });
		put(ends[side], lasts ? { after: asked } : { before: asked });
		return { fn, file: { path: file.path, parsed: file.parsed, modelled: file.modelled, place: (line: number) => file.place(line), asides } };
	};
	const [before, after] = [ours('before'), ours('after')];
	const beside: Party = { name: 'CPU1', entry: name, definition: other, context: 'task', start: 'ready', runs: 1, modelled: true, called: inWords(name) };
	return {
		because: 'prose', reason: `${quoted(said)}. ${reason}`, pre: [own(change, entered, change.pre, before), beside], post: [own(change, entered, change.post, after), beside],
		entries: [change.name, name], claimed: true, weight: 10, tells: 'still-fails', own: { name: change.name, pre: before, post: after }, outline: new Set([check]),
	};
}
