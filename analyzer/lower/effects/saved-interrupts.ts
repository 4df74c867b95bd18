import type { CNode } from '../../parse/source';
import { value } from '../emitted/emitter';
import type { Arguments, Frame } from '../frame';
import type { Lowering } from '../lowering';
import type { Call } from './call';

/**
 * `…_irqsave(lock, flags)`: the variable keeps what the section found until it is given back. A section inside that saves in the same variable
 * overwrites that by "off", which is what the outer one will restore.
 */
export function savesInterrupts({ l, caller, args, node }: Call): void {
	const name = variable(args.at(-1)?.node);
	if (name === null || args.length < 2 || caller.file.modelled) return;
	const known = caller.interrupts.get(name);
	const kept = known ?? l.emitter.register();
	caller.interrupts.set(name, kept);
	if (known !== undefined) {
		const fine = l.emitter.label();
		l.emitter.branch(l.alu('eq', { reg: kept }, value(0)).operand, fine);
		l.emitter.local({ op: 'assert', cond: value(0), check: 'irq-unsafe-lock', message: `${node.text.replace(/\s+/g, ' ').slice(0, TOLD_BOUND)} overwrites ${name}, which keeps the state that an outer section will restore: interrupts stay off` });
		l.emitter.place(fine);
	}
	l.emitter.local({ op: 'set', dst: kept, from: value(1) });
}

/** Whoever else is handed the variable may restore what it keeps. */
export function handsInterrupts(l: Lowering, name: string, args: Arguments): void {
	const { interrupts } = l.frame;
	if (interrupts.size === 0) return;
	const row = l.sources.table.rows.get(name);
	if ((row?.effect === 'lock' || row?.effect === 'trylock') && row.irq === 'save') return;
	for (const { node } of args) {
		const kept = interrupts.get(variable(node) ?? '');
		if (kept !== undefined) l.emitter.local({ op: 'set', dst: kept, from: value(0) });
	}
}

/** Lines that nobody shows may have restored it. */
export function forgetInterrupts({ emitter }: Lowering, { interrupts }: Frame): void {
	for (const kept of interrupts.values()) emitter.local({ op: 'set', dst: kept, from: value(0) });
}

/** Characters of a call that are told. */
const TOLD_BOUND = 80;

const variable = (node: CNode | undefined): string | null => /^&?\s*([A-Za-z_]\w*)$/.exec(node?.text ?? '')?.[1] ?? null;
