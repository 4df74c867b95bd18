import { type Check, cellName, origins, threadName } from './check';

/** An access through a pointer to memory that is gone, that never was, or that is no pointer at all. */
export const useAfterFree: Check = (evidence) => {
	const { m, fault, history, op, cell, object, thread } = evidence;
	const freed = fault.object < 0 ? undefined : history.freedAt.get(fault.object);
	const own = freed?.thread === fault.thread;
	const by = freed === undefined || own ? undefined : threadName(m, freed.thread);
	const base = 'at' in op ? op.at.base : 'pointer' in op ? op.pointer : undefined;
	const register = base !== undefined && 'reg' in base ? base.reg : -1;
	const source = register < 0 ? [] : [...history.sourcesOf(fault.thread, register)];
	const used = fault.cell < 0 ? object : cell;
	const what = fault.cell < 0 || cell === object ? 'it' : object;
	switch (fault.reason) {
		case 'null': {
			const checked = register < 0 ? -1 : history.checkedThenNull(fault.thread, register);
			if (checked >= 0) {
				const writer = history.lastWrite.get(checked);
				return {
					check: 'check-then-act',
					message: `NULL dereference: ${thread} found ${cellName(m, checked)} set, and it was cleared before it was used`,
					others: origins(writer), behind: source,
				};
			}
			return { message: `${thread} dereferences NULL${source[0] === undefined ? '' : `, read from ${cellName(m, source[0])}`}`, others: origins(...source.map((c) => history.lastWrite.get(c))), behind: source };
		}
		case 'error-pointer': return { message: `${thread} uses an error code as a pointer`, others: [], behind: source };
		case 'wild': return { message: `${thread} uses something that is no pointer`, others: [] };
		case 'freed-twice': return { message: `${thread} frees ${object}, which ${freed === undefined ? 'was' : own ? 'it has itself' : `${by} has`} freed already`, others: origins(freed) };
		case 'never-allocated': return { message: `${thread} uses ${object} before it was allocated`, others: [] };
		default: return { message: `${thread} uses ${used} after ${freed === undefined ? `${what} was freed` : own ? `freeing ${what} itself` : `${by} freed ${what}`}`, others: origins(freed) };
	}
};
