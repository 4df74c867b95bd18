import { POINTER_BASE, type Program } from '../../../sim';

/** Whether the value is a pointer into the object; into none that is not there. */
export const leadsInto = (object: Program['objects'][number] | undefined, value: number): boolean =>
	object !== undefined && value >= POINTER_BASE + object.first && value < POINTER_BASE + object.first + object.size;
