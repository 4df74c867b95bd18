import type { CNode } from '../../parse/source';
import { assignedIn } from '../grammar/assigned';
import type { CType } from '../values/ctype';
import type { Lowering } from '../lowering';
import { isFragment } from './passage';
import type { RegisterLocal } from '../values/value';

/** A local that is declared without a value, and that nothing of what the patch shows gives one: elided lines behind its declaration do. */
export function setUnseen(l: Lowering, name: string, local: RegisterLocal, type: CType, node: CNode): void {
	const { frame } = l;
	const { fn } = frame;
	if (!fn || !isFragment(frame) || !fn.gaps.some((line) => line > node.line) || sets(l, fn.name, fn.body, name) || walks(name, fn.body.text)) return;
	// What is asked of the local is asked of what it begins with: said before that is chosen.
	l.world.domains.flow(l.unknownName(`${frame.id}:${name}`), local.unknown);
	l.assign(local.register, l.unknown(`${frame.id}:${name}`, type));
}

/** A loop that is shown gives the variable its value. */
const walks = (name: string, text: string): boolean => new RegExp(`for_each\\w*\\s*\\([^;{]*\\b${name}\\b`).test(text);

/** On this side of the patch or on the other, whose elided lines are the same. */
const sets = ({ reading }: Lowering, fn: string, body: CNode, name: string): boolean => reading.sets?.(fn, name) || assignedIn(body).has(name);
